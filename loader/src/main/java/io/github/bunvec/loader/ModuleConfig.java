package io.github.bunvec.loader;

/** The configuration of a module that follows the Transformer. */
public sealed interface ModuleConfig
    permits PoolingConfig,
        DenseConfig,
        LayerNormConfig,
        WeightedLayerPoolingConfig,
        NormalizeConfig,
        DropoutConfig {}

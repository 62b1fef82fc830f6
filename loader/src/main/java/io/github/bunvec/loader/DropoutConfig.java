package io.github.bunvec.loader;

/** A Dropout module, which does nothing outside of training. */
public record DropoutConfig() implements ModuleConfig {}

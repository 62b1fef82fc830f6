package io.github.bunvec.loader;

/**
 * A module that follows the Transformer and what its files say.
 *
 * @param label its configuration file relative to the model directory, for messages
 * @param entry where modules.json has it
 * @param config what it is configured to do
 */
public record ConfiguredModule(String label, ModuleEntry entry, ModuleConfig config) {

  /**
   * Returns a Pooling that no modules.json names.
   *
   * @param pooling its configuration
   * @return the module
   */
  public static ConfiguredModule unnamed(PoolingConfig pooling) {
    ModuleType type = ModuleType.POOLING;
    return new ConfiguredModule(
        type.className(), new ModuleEntry(1, "1", "", type, type.className()), pooling);
  }

  /**
   * Returns the Python class.
   *
   * @return its simple name
   */
  public String className() {
    return entry.type().className();
  }

  /**
   * Returns where it stands, for messages.
   *
   * @return for instance {@code modules.json: module 2 is a Dense}
   */
  public String described() {
    return "modules.json: module " + entry.index() + " is a " + className();
  }
}

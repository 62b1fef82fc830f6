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
   * Returns a module that no modules.json names.
   *
   * @param type what it is
   * @param config its configuration, of that type
   * @return the module
   */
  public static ConfiguredModule unnamed(ModuleType type, ModuleConfig config) {
    return new ConfiguredModule(
        type.className(), new ModuleEntry(1, "1", "", type, type.className()), config);
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

package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A module that follows the Transformer and what its files say.
 *
 * @param list what lists the modules, for messages
 * @param label its configuration file relative to the model directory, for messages
 * @param entry where modules.json has it
 * @param config what it is configured to do
 */
public record ConfiguredModule(String list, String label, ModuleEntry entry, ModuleConfig config) {

  /**
   * Reads a module's folder that no modules.json names.
   *
   * @param index its place in the list, the Transformer's being 0
   * @param type what it is
   * @param folder the folder that sentence-transformers saved, for instance {@code 2_Dense}
   * @return the module
   * @throws IOException if a file is missing or cannot be read
   * @throws CheckpointException if its configuration is wrong
   */
  public static ConfiguredModule read(int index, ModuleType type, Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath();
    ModuleEntry entry =
        new ModuleEntry(index, String.valueOf(index), absolute.toString(), type, type.className());
    return ModuleFiles.configured(absolute, "modules", folder + "/config.json", entry);
  }

  /**
   * Returns a module that has no files.
   *
   * @param index its place in the list, the Transformer's being 0
   * @param type what it is
   * @param config its configuration
   * @return the module
   */
  public static ConfiguredModule of(int index, ModuleType type, ModuleConfig config) {
    ModuleEntry entry = new ModuleEntry(index, String.valueOf(index), "", type, type.className());
    return new ConfiguredModule("modules", type.className(), entry, config);
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
    return list + ": module " + entry.index() + " is a " + className();
  }
}

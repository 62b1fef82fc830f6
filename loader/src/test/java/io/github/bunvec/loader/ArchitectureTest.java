package io.github.bunvec.loader;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static JavaClasses classes() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.bunvec.loader");
    // An empty import satisfies every rule.
    assertTrue(classes.size() >= 20, classes.size() + " classes imported");
    return classes;
  }

  @Test
  void theJsonLibraryStaysWhereJsonIsReadAndWritten() {
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.(StrictJson|JsonNode|SafetensorsHeader|ModelDirectoryWriter|ModuleConfigJson)"
                + "(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.gson..")
        .check(classes());
  }

  @Test
  void filesOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jdk.incubator..", "java.net..", "java.util.logging..", "java.util.concurrent..")
        .check(classes());
    noClasses().should().callMethod(System.class, "exit", int.class).check(classes());
    noClasses().should().callMethod(System.class, "getProperty", String.class).check(classes());
  }
}

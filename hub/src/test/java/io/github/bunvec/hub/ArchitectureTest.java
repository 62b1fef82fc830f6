package io.github.bunvec.hub;

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
            .importPackages("io.github.bunvec.hub");
    // An empty import satisfies every rule.
    assertTrue(classes.size() >= 20, classes.size() + " classes imported");
    return classes;
  }

  @Test
  void theNetworkIsUsedInOnePlace() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.(Transport|Response)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", "javax.net..", "java.nio.channels.spi..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.Socket")
        .check(classes());
  }

  @Test
  void noOtherModuleNoLoggingNoExit() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.logging..", "io.github.bunvec.engine..", "io.github.bunvec.loader..")
        .check(classes());
    noClasses().should().callMethod(System.class, "exit", int.class).check(classes());
  }
}

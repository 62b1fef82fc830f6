package io.github.bunvec.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.bunvec.engine");
    // An empty import would pass every rule.
    assertTrue(classes.size() > 40, "imported " + classes.size() + " classes");
    assertTrue(classes.contain("io.github.bunvec.engine.cpu.kernel.GemmKernel512"));
  }

  @Test
  void packagesAreAcyclic() {
    slices().matching("io.github.bunvec.engine.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void nothingKnowsTheFacade() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.bunvec.engine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.bunvec.engine")
        .check(classes);
  }

  @Test
  void onlyTheKernelsKnowTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.bunvec.engine.cpu.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(classes);
  }

  @Test
  void theEncoderKnowsNoBackend() {
    noClasses()
        .that()
        .resideInAnyPackage("io.github.bunvec.engine.bert", "io.github.bunvec.engine.modules")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.github.bunvec.engine.cpu..", "io.github.bunvec.engine.reference..")
        .check(classes);
  }

  @Test
  void backendsKnowNoModelAndNotEachOther() {
    noClasses()
        .that()
        .resideInAnyPackage("io.github.bunvec.engine.cpu..", "io.github.bunvec.engine.spi..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.github.bunvec.engine.bert..",
            "io.github.bunvec.engine.modules..",
            "io.github.bunvec.engine.reference..")
        .check(classes);
  }

  @Test
  void tokenizersAndDictionariesKnowNoEncoder() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.github.bunvec.engine.tokenization", "io.github.bunvec.engine.dictionary")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.github.bunvec.engine.bert..",
            "io.github.bunvec.engine.modules..",
            "io.github.bunvec.engine.spi..",
            "io.github.bunvec.engine.cpu..",
            "io.github.bunvec.engine.reference..")
        .check(classes);
  }

  @Test
  void dictionariesKnowNoTokenizers() {
    noClasses()
        .that()
        .resideInAPackage("io.github.bunvec.engine.dictionary")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.bunvec.engine.tokenization..")
        .check(classes);
  }

  @Test
  void noNetworkNoLoggingNoExit() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "java.net.http..", "sun.misc..")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }

  /** Options are passed in; only what machine code depends on is asked of the JVM. */
  @Test
  void noSystemProperties() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.github.bunvec.engine.cpu.emit.Platform")
        .should()
        .callMethod(System.class, "getProperty", String.class)
        .check(classes);
  }
}

package io.github.bunvec.tokenizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class PackageTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.bunvec.tokenizer");

  @Test
  void packagesAreAcyclic() {
    assertTrue(classes.contain(BertJapaneseTokenizer.class), "no classes were imported");
    slices().matching("io.github.bunvec.tokenizer.(**)").should().beFreeOfCycles().check(classes);
    // The pipeline is a Tokenizer beside the others, which know nothing of it.
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.github.bunvec.tokenizer", "io.github.bunvec.tokenizer.pipeline")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.bunvec.tokenizer")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.bunvec.tokenizer.pipeline")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.bunvec.tokenizer.pipeline")
        .check(classes);
  }

  @Test
  void latticeKnowsNoParticularDictionary() {
    noClasses()
        .that()
        .resideInAPackage("io.github.bunvec.tokenizer.mecab")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.bunvec.tokenizer.ipadic..")
        .check(classes);
  }

  @Test
  void onlyTheBuildReadsKuromoji() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.bunvec.tokenizer.ipadic.build")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.github.bunvec.tokenizer.ipadic.build")
        .check(classes);
  }
}

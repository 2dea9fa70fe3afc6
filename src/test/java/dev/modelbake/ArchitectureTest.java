package dev.modelbake;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The arrows between packages, and which of them knows which library. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.modelbake");

  /** Library root package to the packages of ours that may use it. */
  private static final Map<String, String[]> LIBRARIES =
      Map.of(
          "org.snakeyaml..", new String[] {"..manifest.."},
          "org.bouncycastle..", new String[] {"..digest..", "..trust.."},
          "tools.jackson..", new String[] {"..json.."},
          "com.fasterxml..", new String[] {"..json.."},
          "okhttp3..", new String[] {"..http.."},
          "org.apache.commons.compress..", new String[] {"..unpack.."},
          "org.tukaani..", new String[] {"..unpack.."},
          "com.github.luben..", new String[] {"..unpack.."},
          "picocli..", new String[] {"..cli.."});

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.modelbake.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void modelKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.modelbake.model")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "dev.modelbake.model", "org.jspecify.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.modelbake.model")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Files.class.getName())
        .check(CLASSES);
  }

  @Test
  void nothingKnowsTheCommandLine() {
    noClasses()
        .that(not(resideInAPackage("dev.modelbake.cli..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.modelbake.cli..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineWiresToTheBakePackage() {
    noClasses()
        .that(not(resideInAnyPackage("dev.modelbake.cli..", "dev.modelbake.bake..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.modelbake.bake..")
        .check(CLASSES);
  }

  @Test
  void eachLibraryIsSeenInItsPackagesOnly() {
    LIBRARIES.forEach(
        (library, packages) ->
            noClasses()
                .that(not(resideInAnyPackage(packages)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES));
  }

  @Test
  void onlyTheCommandLineTouchesSystemStreamsAndExit() {
    noClasses()
        .that(not(resideInAPackage("dev.modelbake.cli..")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    CLASSES.stream()
        .map(type -> type.getPackageName().replace('.', '/'))
        .distinct()
        .forEach(
            name ->
                assertTrue(
                    Files.exists(Path.of("src/main/java", name, "package-info.java")),
                    name + " has no package-info.java"));
  }
}

package io.margay.app.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may use whom: resources travel down, verdicts travel up. The table is ARCHITECTURE.md's. */
class ImportRulesTest {
  private static final Map<String, List<String>> MAY_IMPORT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("agents", List.of("model", "store", "cedar", "kernel")),
              Map.entry("model", List.of()),
              Map.entry("testkit", List.of("model")),
              Map.entry("store", List.of("model")),
              Map.entry("policy", List.of("model")),
              Map.entry("kernel", List.of()),
              Map.entry("dataplane", List.of("model", "policy", "kernel")),
              Map.entry("network", List.of("model", "store", "kernel")),
              Map.entry("flows", List.of("model")),
              Map.entry("cedar", List.of()),
              Map.entry("console", List.of("model", "store", "policy", "flows", "agents"))));

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.margay");

  @TestFactory
  Stream<DynamicTest> aModuleUsesOnlyThoseBelowIt() {
    return MAY_IMPORT.entrySet().stream()
        .map(module ->
            DynamicTest.dynamicTest(
                module.getKey(),
                () -> {
                  assertThat(classesOf(module.getKey())).isNotEmpty();
                  classes()
                      .that()
                      .resideInAPackage("io.margay." + module.getKey() + "..")
                      .should()
                      .onlyDependOnClassesThat(outsideOrIn(module.getKey(), module.getValue()))
                      .check(MAIN);
                }));
  }

  @Test
  void everyModuleIsInTheTable() {
    assertThat(MAIN.stream().map(ImportRulesTest::module).distinct())
        .isSubsetOf(Stream.concat(MAY_IMPORT.keySet().stream(), Stream.of("app")).toList());
  }

  /** Decisions depend on resources only: no clock, no file, no socket. */
  @Test
  void policyDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage("io.margay.policy..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.time..")
                .and(notAnException()))
        .check(MAIN);
  }

  /** Native calls are in one place, where they can be read and checked. */
  @Test
  void onlyTheKernelModuleCallsNativeFunctions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.margay.kernel..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(MAIN);
  }

  private static DescribedPredicate<JavaClass> notAnException() {
    return DescribedPredicate.describe(
        "is no exception", type -> !type.isAssignableTo(Throwable.class));
  }

  private static List<JavaClass> classesOf(String module) {
    return MAIN.stream().filter(type -> module(type).equals(module)).toList();
  }

  private static String module(JavaClass type) {
    return type.getPackageName().split("\\.")[2];
  }

  private static DescribedPredicate<JavaClass> outsideOrIn(String module, List<String> allowed) {
    return DescribedPredicate.describe(
        "are of " + module + " or " + allowed,
        type -> {
          if (!type.getPackageName().startsWith("io.margay.")) {
            return true;
          }
          return module(type).equals(module) || allowed.contains(module(type));
        });
  }
}

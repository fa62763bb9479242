package dev.kitchen.checks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may use whom. The same tables stand in ARCHITECTURE.md; change both in one commit. */
class ArchitectureTest {

    private static final String ROOT = "dev.kitchen";

    /** Which package of kitchen-core may use which others. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("error", Set.of()),
            entry("base", Set.of("error")),
            entry("tensor", Set.of("error")),
            entry("predict", Set.of("error", "base", "tensor")),
            entry("json", Set.of("error", "tensor", "predict")),
            entry("codec", Set.of("error", "tensor")),
            entry("spi", Set.of("error", "tensor", "predict")),
            entry("observe", Set.of("error")),
            entry("registry", Set.of("error")),
            entry("cache", Set.of("error", "base", "tensor", "predict", "spi")),
            entry("guard", Set.of("error", "base", "tensor", "predict", "observe")),
            entry("batch", Set.of("error", "base")),
            entry("store", Set.of("error", "base", "tensor", "json", "spi", "registry")),
            entry("runtime", Set.of("error", "base", "predict")),
            entry("telemetry", Set.of("error", "base", "predict", "observe")),
            entry("session", Set.of("error", "base", "tensor", "predict", "spi", "runtime", "telemetry")),
            entry("compare", Set.of("error", "tensor", "predict")),
            entry(
                    "proof",
                    Set.of("error", "base", "tensor", "predict", "spi", "batch", "runtime", "session", "compare")),
            entry("stage", Set.of("error", "base", "tensor", "predict", "spi", "runtime", "telemetry", "session")),
            entry(
                    "stage.caching",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "spi",
                            "observe",
                            "cache",
                            "runtime",
                            "telemetry",
                            "session",
                            "stage")),
            entry(
                    "stage.batching",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "spi",
                            "observe",
                            "batch",
                            "runtime",
                            "telemetry",
                            "session",
                            "compare",
                            "stage")),
            entry(
                    "stage.guarding",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "spi",
                            "observe",
                            "guard",
                            "runtime",
                            "telemetry",
                            "session",
                            "stage")),
            entry(
                    "pipeline",
                    Set.of(
                            "error",
                            "base",
                            "predict",
                            "batch",
                            "cache",
                            "guard",
                            "runtime",
                            "session",
                            "stage",
                            "stage.caching",
                            "stage.batching",
                            "stage.guarding")),
            entry(
                    "serving",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "spi",
                            "observe",
                            "runtime",
                            "telemetry",
                            "session",
                            "stage",
                            "pipeline")),
            entry("bound", Set.of("error", "base", "tensor", "predict", "spi", "session", "serving")),
            entry(
                    "call",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "observe",
                            "guard",
                            "runtime",
                            "telemetry",
                            "serving")),
            entry("bulk", Set.of("error", "base", "tensor", "predict", "runtime", "pipeline", "serving", "call")),
            entry(
                    "models",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "json",
                            "codec",
                            "spi",
                            "observe",
                            "registry",
                            "batch",
                            "store",
                            "runtime",
                            "telemetry",
                            "session",
                            "pipeline",
                            "proof",
                            "serving")),
            entry(
                    "deploy",
                    Set.of(
                            "error",
                            "base",
                            "tensor",
                            "predict",
                            "json",
                            "spi",
                            "observe",
                            "registry",
                            "store",
                            "runtime",
                            "telemetry",
                            "session",
                            "proof",
                            "serving",
                            "models")));

    /** What the other modules may use of Kitchen: what core exports. */
    private static final Map<String, Set<String>> MODULES = Map.ofEntries(
            entry("micrometer", Set.of("", "error", "spi", "observe")),
            entry("redis", Set.of("error", "tensor", "predict", "spi", "cache")),
            entry(
                    "onnx",
                    Set.of(
                            "error",
                            "spi",
                            "onnx.graph",
                            "onnx.scan",
                            "onnx.operator",
                            "onnx.natives",
                            "onnx.run",
                            "onnx.official",
                            "onnx.foreign")),
            entry("onnx.graph", Set.of()),
            entry("onnx.scan", Set.of("error", "tensor", "onnx.graph")),
            entry("onnx.rows", Set.of("spi", "onnx.graph")),
            entry("onnx.operator", Set.of("error", "tensor", "onnx.graph")),
            entry("onnx.natives", Set.of("error", "spi")),
            entry("onnx.run", Set.of("error", "tensor", "predict", "spi", "onnx.graph", "onnx.scan", "onnx.operator")),
            entry(
                    "onnx.official",
                    Set.of(
                            "error",
                            "tensor",
                            "predict",
                            "spi",
                            "onnx.graph",
                            "onnx.scan",
                            "onnx.rows",
                            "onnx.natives",
                            "onnx.run")),
            entry(
                    "onnx.foreign",
                    Set.of(
                            "error",
                            "tensor",
                            "predict",
                            "spi",
                            "onnx.graph",
                            "onnx.scan",
                            "onnx.rows",
                            "onnx.natives",
                            "onnx.run")),
            entry(
                    "cli",
                    Set.of(
                            "",
                            "error",
                            "tensor",
                            "predict",
                            "json",
                            "codec",
                            "spi",
                            "observe",
                            "registry",
                            "store",
                            "onnx",
                            "tflite")),
            entry("tflite", Set.of("error", "tensor", "predict", "spi")),
            entry("testkit", Set.of("", "error", "tensor", "predict", "json", "codec", "spi", "observe", "guard")));

    @Test
    void packagesUseOnlyWhatTheyMay() {
        MAY_USE.forEach(ArchitectureTest::check);
        MODULES.forEach(ArchitectureTest::check);
    }

    private static void check(String name, Set<String> mayUse) {
        String[] allowed = Stream.concat(Stream.of(name), mayUse.stream())
                .map(ArchitectureTest::fullName)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(fullName(name))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(ProjectClasses.ALL);
    }

    private static String fullName(String name) {
        return name.isEmpty() ? ROOT : ROOT + "." + name;
    }

    @Test
    void everyPackageIsInATable() {
        assertThat(ProjectClasses.ALL.getPackage(ROOT).getSubpackages())
                .extracting(JavaPackage::getRelativeName)
                .isSubsetOf(Stream.concat(MAY_USE.keySet().stream(), MODULES.keySet().stream())
                        .toList());
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(ProjectClasses.ALL);
        slices().matching(ROOT + ".onnx.(*)..").should().beFreeOfCycles().check(ProjectClasses.ALL);
    }

    @Test
    void coreUsesOnlyTheNamedLibraries() {
        classes()
                .that(not(resideInAnyPackage(
                        ROOT + ".onnx..",
                        ROOT + ".tflite..",
                        ROOT + ".micrometer..",
                        ROOT + ".redis..",
                        ROOT + ".cli..",
                        ROOT + ".testkit..")))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.imageio..",
                        "jdk.jfr..",
                        "dev.kitchen..",
                        "org.HdrHistogram..",
                        "com.dynatrace.hash4j..",
                        "io.github.resilience4j..",
                        "com.github.benmanes.caffeine..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "tools.jackson..")
                .check(ProjectClasses.ALL);
    }

    @Test
    void jacksonStaysBehindTheJsonPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".json")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(ProjectClasses.ALL);
    }

    @Test
    void onlyTheOfficialRuntimeAndItsLibrariesKnowTheOfficialApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".onnx.official", ROOT + ".onnx.natives")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(ProjectClasses.ALL);
    }

    @Test
    void onlyItsBackendKnowsTensorFlowLite() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".tflite")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(ProjectClasses.ALL);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(ProjectClasses.ALL.getPackage(ROOT).getSubpackagesInTree())
                .filteredOn(it -> !it.getClasses().isEmpty() && !it.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .isEmpty();
    }

    @Test
    void nothingRemembersInStatics() {
        List<String> changing = ProjectClasses.ALL.stream()
                .flatMap(it -> it.getFields().stream())
                .filter(it -> it.getModifiers().contains(JavaModifier.STATIC)
                        && !it.getModifiers().contains(JavaModifier.FINAL))
                .map(it -> it.getOwner().getSimpleName())
                .distinct()
                .toList();

        // ONNX Runtime's environment is itself one per class loader, loaded once, for good or for bad.
        assertThat(changing).isSubsetOf("OnnxEnvironment", "RuntimeChoice");
    }

    @Test
    void namesSayWhatThingsDo() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?)$|.*\\.Abstract[^.]*$")
                .check(ProjectClasses.ALL);
        noClasses()
                .should()
                .resideInAnyPackage("..internal..", "..util..", "..common..")
                .check(ProjectClasses.ALL);
    }

    @Test
    void nothingWritesPastTheLog() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(ProjectClasses.ALL.that(not(name(ROOT + ".cli.Terminal"))));
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(ProjectClasses.ALL);
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(ProjectClasses.ALL);
    }
}

package io.modelward.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows of docs/ARCHITECTURE.md. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.modelward");

    @Test
    void arrows_run_one_way() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.modelward..")
                .layer("core")
                .definedBy("io.modelward.core..")
                .layer("evaluator")
                .definedBy("io.modelward.evaluator..")
                .layer("store")
                .definedBy("io.modelward.store..")
                .layer("runtime")
                .definedBy("io.modelward.runtime..")
                .layer("registry")
                .definedBy("io.modelward.registry..")
                .layer("access")
                .definedBy("io.modelward.access..")
                .layer("gateway")
                .definedBy("io.modelward.gateway..")
                .layer("jobs")
                .definedBy("io.modelward.jobs..")
                .layer("server")
                .definedBy("io.modelward.server..")
                .layer("pages")
                .definedBy("io.modelward.pages..")
                .layer("client")
                .definedBy("io.modelward.client..")
                .layer("cli")
                .definedBy("io.modelward.cli..")
                .layer("app")
                .definedBy("io.modelward.app..")
                .whereLayer("app")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("pages")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("pages", "app")
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("client")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("gateway")
                .mayOnlyBeAccessedByLayers("jobs", "server", "pages", "app")
                .whereLayer("jobs")
                .mayOnlyBeAccessedByLayers("server", "pages", "app")
                .whereLayer("registry")
                .mayOnlyBeAccessedByLayers("gateway", "access", "jobs", "server", "pages", "app")
                .whereLayer("access")
                .mayOnlyBeAccessedByLayers("jobs", "server", "pages", "app")
                .whereLayer("runtime")
                .mayOnlyBeAccessedByLayers("gateway", "jobs", "server", "pages", "app")
                .whereLayer("evaluator")
                .mayOnlyBeAccessedByLayers("runtime")
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("registry", "gateway", "access", "jobs", "server", "app")
                .whereLayer("client")
                .mayOnlyAccessLayers("core")
                .whereLayer("cli")
                .mayOnlyAccessLayers("client", "core")
                .whereLayer("evaluator")
                .mayOnlyAccessLayers("core")
                .whereLayer("runtime")
                .mayOnlyAccessLayers("core", "evaluator")
                .whereLayer("store")
                .mayOnlyAccessLayers("core")
                .whereLayer("registry")
                .mayOnlyAccessLayers("core", "store")
                .whereLayer("access")
                .mayOnlyAccessLayers("core", "store", "registry")
                .check(CLASSES);
    }

    @Test
    void the_core_has_no_io_no_clock_and_no_randomness() {
        noClasses()
                .that()
                .resideInAPackage("io.modelward.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net.http..",
                        "java.sql..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void what_is_measured_does_not_depend_on_who_reads_it() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.modelward.server..", "io.modelward.app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer.prometheusmetrics..", "io.prometheus..")
                .check(CLASSES);
    }

    @Test
    void only_the_store_knows_sql_and_only_the_server_knows_http() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.modelward.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.jdbi..", "org.flywaydb..", "org.sqlite..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.modelward.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jetty..")
                .check(CLASSES);
    }

    @Test
    void packages_depend_on_each_other_in_one_direction_only() {
        slices().matching("io.modelward.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void doors_see_values_and_nothing_of_the_store() {
        noClasses()
                .that()
                .resideInAnyPackage("io.modelward.server..", "io.modelward.pages..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.modelward.store..")
                .check(CLASSES);
    }

    @Test
    void no_two_classes_have_one_name() {
        Map<String, List<String>> named = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                // Made of templates, which are named by their folders too.
                .filter(type -> !type.getPackageName().startsWith("io.modelward.pages.template"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toList())));
        assertThat(named).hasSizeGreaterThan(500);
        assertThat(named.values()).allSatisfy(classes -> assertThat(classes).hasSize(1));
    }
}

package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.modelward.core.access.Access;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a door calls of the registry and the gateway asks for access, as the code is written; {@link AccessTest} asks a
 * running server.
 */
class ServicesAskTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.modelward");

    /** Whether the server is ready is for everyone to know; its route is open. */
    private static final Set<String> FOR_EVERYONE = Set.of("StatusService.loading");

    /** What keeps something that callers must not reach without a question. */
    private static final Set<String> KEEPERS = Set.of(
            "io.modelward.store.catalog.Catalog",
            "io.modelward.store.blob.BlobStore",
            "io.modelward.store.prediction.PredictionLog",
            "io.modelward.gateway.model.ModelPool",
            "io.modelward.gateway.route.RouteTable",
            "io.modelward.runtime.ModelRuntime");

    private static boolean has(JavaClass owner, String type) {
        return owner.getAllFields().stream()
                .anyMatch(field -> field.getRawType().getName().equals(type));
    }

    private static boolean isService(JavaClass owner) {
        return has(owner, Access.class.getName()) || KEEPERS.stream().anyMatch(type -> has(owner, type));
    }

    /** What the doors and the pages use of services. */
    private static Set<JavaMethod> called() {
        Set<JavaMethod> called = new HashSet<>();
        for (JavaClass door : CLASSES) {
            if (door.getPackageName().matches("io[.]modelward[.](server|pages)[.].*")) {
                door.getCodeUnits().stream()
                        .flatMap(ServicesAskTest::used)
                        .filter(target -> target.getOwner()
                                .getPackageName()
                                .matches("io[.]modelward[.](registry|gateway|jobs).*"))
                        .filter(target -> isService(target.getOwner()))
                        .flatMap(target -> target.resolveMember().stream())
                        .filter(JavaMethod.class::isInstance)
                        .map(JavaMethod.class::cast)
                        .forEach(called::add);
            }
        }
        return called;
    }

    private static String words(JavaMethod method) {
        return method.getOwner().getSimpleName() + "." + method.getName();
    }

    /** Whether a method asks, itself, by a method of its own class, or by one that it hands its access to. */
    private static boolean asks(JavaCodeUnit method, Set<JavaCodeUnit> seen) {
        return seen.add(method)
                && used(method)
                        .anyMatch(target -> isQuestion(target)
                                || (helps(method, target)
                                        && target.resolveMember()
                                                .map(called -> asks(called, seen))
                                                .orElse(false)));
    }

    private static boolean isQuestion(CodeUnitAccessTarget target) {
        return target.getOwner().isEquivalentTo(Access.class)
                && target.getName().startsWith("require");
    }

    private static boolean helps(JavaCodeUnit method, CodeUnitAccessTarget target) {
        return target.getOwner().equals(method.getOwner())
                || target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Access.class));
    }

    /** What a piece of code calls, or names as a method to be called. */
    private static Stream<CodeUnitAccessTarget> used(JavaCodeUnit code) {
        return Stream.concat(
                code.getMethodCallsFromSelf().stream().map(call -> (CodeUnitAccessTarget) call.getTarget()),
                code.getMethodReferencesFromSelf().stream().map(reference -> reference.getTarget()));
    }

    @Test
    void every_method_of_a_service_that_a_door_calls_asks() {
        Set<JavaMethod> called = called();
        Set<String> silent = new TreeSet<>();
        for (JavaMethod method : called) {
            if (!asks(method, new HashSet<>())) {
                silent.add(words(method));
            }
        }
        assertThat(silent).isEqualTo(new TreeSet<>(FOR_EVERYONE));
        assertThat(called).hasSizeGreaterThan(80);
    }
}

package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a page says is what the API says. */
@Tag("process")
@ExtendWith(Shared.class)
class AgreementTest {

    /** How often a page that changes by itself is compared, until a page and an answer of the API are of one moment. */
    private static final int TRIES = 20;

    @TestFactory
    Stream<DynamicContainer> pages_say_what_the_api_says(Shared shared) {
        return Stream.of(everyPage(shared, shared::plain, ""), everyPage(shared, shared::hostile, ", hostile"));
    }

    private static DynamicContainer everyPage(Shared shared, Supplier<Exhibit> exhibit, String kind) {
        Window window = new Window(shared, exhibit, Look.LIGHT);
        Stream<DynamicTest> tests = Pages.ALL.stream()
                .map(row -> dynamicTest(row + kind, () -> agrees(window.at(row), row, exhibit.get())));
        // JUnit closes the stream after the last page.
        return dynamicContainer("every page" + kind, tests.onClose(window::close));
    }

    private static void agrees(Visit visit, PageRow row, Exhibit exhibit) throws IOException {
        List<Marked> marked = Marked.on(visit.page());
        if (row.unmarked().isPresent()) {
            assertThat(marked)
                    .as("values of a page that marks none, since "
                            + row.unmarked().get())
                    .isEmpty();
            return;
        }
        assertThat(marked).as("values that say where the API has them").isNotEmpty();
        List<String> differences = Marked.differences(marked, exhibit.client());
        for (int turn = 1; row.live() && !differences.isEmpty() && turn < TRIES; turn++) {
            differences = Marked.differences(Marked.on(visit.open(row, exhibit)), exhibit.client());
        }
        assertThat(differences).isEmpty();
    }
}

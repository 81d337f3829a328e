package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes the pictures of pages that README and the guides show. Its name is none of a test, so that {@code modelward
 * screenshots} runs it and nothing else does.
 */
@Tag("process")
@ExtendWith(Shared.class)
class DocumentImages {

    private static final Path IMAGES = Chromium.ROOT.resolve("docs/images");
    private static final int LARGEST = 150_000;
    private static final List<String> SHOWN = List.of("overview", "model", "version", "rollout");

    static List<PageRow> shown() {
        return Pages.ALL.stream().filter(row -> SHOWN.contains(row.name())).toList();
    }

    @ParameterizedTest
    @MethodSource("shown")
    void a_picture_is_small(PageRow row, Shared shared) throws Exception {
        Path file = IMAGES.resolve(row + ".png");
        try (Visit visit = shared.visit(shared.plain(), Look.LIGHT)) {
            visit.open(row, shared.plain()).screenshot(new Page.ScreenshotOptions().setPath(file));
        }
        assertThat(Files.size(file)).as(file.toString()).isLessThanOrEqualTo(LARGEST);
    }
}

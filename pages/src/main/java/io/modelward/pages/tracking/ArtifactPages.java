package io.modelward.pages.tracking;

import io.modelward.core.access.Action;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.PageToken;
import io.modelward.core.tracking.Run;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.FileReading;
import io.modelward.registry.Page;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.registry.tracking.RunService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FileReply;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The files of a run: a tree to walk, one of them shown beside it. */
public final class ArtifactPages {

    private static final String RUN = "/ui/runs/{run}";
    /** How much of a file is drawn. */
    private static final int MOST_DRAWN = 1 << 20;

    private final PageSender pages;
    private final RunService runs;
    private final ArtifactService artifacts;
    private final Executor files;

    /** @param files platform threads for work that touches the disk */
    public ArtifactPages(PageSender pages, RunService runs, ArtifactService artifacts, Executor files) {
        this.pages = pages;
        this.runs = runs;
        this.artifacts = artifacts;
        this.files = files;
    }

    /**
     * A file or folder in the tree.
     *
     * @param current whether the page shows it
     * @param children what lies in a folder that is open
     * @param more whether the folder has more than its children
     */
    public record Node(
            String name, String path, boolean folder, long size, boolean current, List<Node> children, boolean more) {}

    /**
     * A page of the files of a run.
     *
     * @param path what is shown; empty: the root
     * @param file the file that is shown; empty: a folder is
     * @param listed what lies in the folder that is shown
     * @param more the address of the folder's next page
     */
    public record FileView(
            Run run,
            String path,
            List<Node> tree,
            Optional<Artifact> file,
            Optional<ArtifactPreview> preview,
            List<ArtifactEntry> listed,
            Optional<String> more) {

        /** The path of an entry of the folder that is shown. */
        public String below(ArtifactEntry entry) {
            return path.isEmpty() ? entry.name() : path + "/" + entry.name();
        }

        /** Where the bytes are sent to be kept. */
        public String download() {
            return RunWords.source(run.id()) + "/artifacts/" + io.modelward.pages.frame.Words.path(path);
        }

        public String raw() {
            return RunWords.link(run.id()) + "/raw/" + io.modelward.pages.frame.Words.path(path);
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", RUN + "/artifacts", Action.READ, exchange -> show(exchange, ""));
        routes.blocking(
                "GET", RUN + "/artifacts/{path}", Action.READ, exchange -> show(exchange, exchange.path("path")));
        routes.async(
                "GET",
                RUN + "/raw/{path}",
                Action.READ,
                exchange -> files.execute(() -> exchange.asCaller(() -> image(exchange))));
    }

    private Reply show(Exchange exchange, String asked) throws IOException {
        Run run = runs.run(exchange.path("run"));
        RunArtifacts folder = new RunArtifacts(run.artifactUri());
        ArtifactPath place = folder.at(asked);
        String path = ArtifactPath.parseDirectory(asked).value();
        Optional<Artifact> file = path.isEmpty() ? Optional.empty() : file(place);
        Page<ArtifactEntry> listed = file.isPresent()
                ? new Page<>(List.of(), Optional.empty())
                : artifacts.list(place, exchange.pageToken().orElse(""), RunPage.MOST_FILES);
        if (file.isEmpty() && listed.items().isEmpty() && !path.isEmpty()) {
            artifacts.get(place);
        }
        FileView view = new FileView(
                run,
                path,
                tree(folder, "", path),
                file,
                file.isPresent() ? Optional.of(preview(file.get())) : Optional.empty(),
                listed.items(),
                listed.next()
                        .map(next -> new PageAddress(RunWords.artifactLink(run.id(), path))
                                .with("page_token", PageToken.ofKey(next))
                                .toString()));
        String title = (path.isEmpty() ? "Files" : path) + " - Run " + run.id();
        return pages.page(exchange, Section.EXPERIMENTS, title, "tracking/artifact", view);
    }

    private Optional<Artifact> file(ArtifactPath place) {
        try {
            return Optional.of(artifacts.get(place));
        } catch (ProblemException missing) {
            if (missing.problem().type() != ProblemType.NOT_FOUND) {
                throw missing;
            }
            return Optional.empty();
        }
    }

    private ArtifactPreview preview(Artifact file) throws IOException {
        return ArtifactPreview.of(file.path().name(), file.size(), first(file, MOST_DRAWN));
    }

    private byte[] first(Artifact file, int most) throws IOException {
        try (FileReading reading = artifacts.open(file, 0, Math.min(file.size(), most))) {
            return reading.all();
        }
    }

    /** The folders on the way to what is shown are open. */
    private List<Node> tree(RunArtifacts root, String folder, String shown) {
        Page<ArtifactEntry> page = artifacts.list(root.at(folder), "", RunPage.MOST_FILES);
        List<Node> nodes = new ArrayList<>();
        for (ArtifactEntry entry : page.items()) {
            String path = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
            boolean on = entry.directory() && (shown.equals(path) || shown.startsWith(path + "/"));
            nodes.add(new Node(
                    entry.name(),
                    path,
                    entry.directory(),
                    entry.size(),
                    shown.equals(path),
                    on ? tree(root, path, shown) : List.of(),
                    false));
        }
        if (page.next().isPresent()) {
            nodes.add(new Node("more", folder, true, 0, false, List.of(), true));
        }
        return nodes;
    }

    /** Sends an image to be shown. What its bytes do not show to be an image is not sent here. */
    private void image(Exchange exchange) {
        try {
            Run run = runs.run(exchange.path("run"));
            Artifact file = artifacts.get(new RunArtifacts(run.artifactUri()).at(exchange.path("path")));
            String type = ImageType.of(first(file, ImageType.LONGEST))
                    .orElseThrow(() -> ProblemException.invalid(
                            "path", "This file is no PNG, JPEG, GIF or WebP image. Download the file instead."));
            FileReply.of(file.sha256(), file.size(), (from, length) -> artifacts.open(file, from, length))
                    .with("Content-Type", type)
                    .with("Content-Disposition", "inline")
                    .with("Content-Security-Policy", "sandbox; default-src 'none'")
                    .with("X-Content-Type-Options", "nosniff")
                    .with("Cache-Control", "private, no-cache")
                    .send(exchange, files);
        } catch (IOException | RuntimeException failure) {
            exchange.fail(failure);
        }
    }
}

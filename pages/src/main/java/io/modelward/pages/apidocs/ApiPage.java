package io.modelward.pages.apidocs;

import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.server.http.ClientAddress;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every call of the API with its fields, its errors and a line for curl. */
public final class ApiPage {

    private final PageSender pages;
    private volatile @Nullable Described described;

    public ApiPage(PageSender pages) {
        this.pages = pages;
    }

    private record Described(String says, List<ApiCalls.Area> areas, List<ApiSchemas.Described> schemas) {}

    /**
     * The API.
     *
     * @param server the address of this server, as the caller knows it
     */
    public record ApiView(String server, String says, List<ApiCalls.Area> areas, List<ApiSchemas.Described> schemas) {}

    public void open(HttpRoute.Table routes) {
        routes.knownBlocking("GET", "/docs", this::show);
    }

    private Reply show(Exchange exchange) {
        Described api = described();
        return pages.page(
                exchange,
                Section.NONE,
                "API",
                "apidocs",
                new ApiView(ClientAddress.server(exchange.request()), api.says(), api.areas(), api.schemas()));
    }

    /** Read once, when somebody looks for the first time. */
    private Described described() {
        Described known = described;
        if (known == null) {
            JsonNode description = read();
            ApiCalls calls = new ApiCalls(description);
            known = new Described(description.at("/info/description").asString(""), calls.areas(), calls.schemas());
            described = known;
        }
        return known;
    }

    private static JsonNode read() {
        try (InputStream in = ApiPage.class.getResourceAsStream("api.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks the description of its API");
            }
            return new YAMLMapper().readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

package io.modelward.registry.version;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Finds models and versions for people who look around: newest first, a page at a time, however many there are. */
public final class ModelBrowser {

    private static final int AT_ONCE = 500;
    /** Models whose aliases, tags and latest version are looked at for one page. */
    private static final int MOST_LOOKED_AT = 1500;

    private final Access access;
    private final Catalog catalog;

    public ModelBrowser(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /**
     * Which models are asked for; each that is there narrows the list.
     *
     * @param text is part of the name or of the description, in whatever case; empty: any
     * @param framework of the latest version
     * @param owner the author of the latest version's card, or who published it
     * @param alias an alias that the model has
     * @param tag a key of a tag, or {@code key=value}
     * @param also what else a model must be
     */
    public record ModelFilter(
            String text,
            Optional<String> framework,
            Optional<String> owner,
            Optional<String> alias,
            Optional<String> tag,
            Predicate<ModelName> also) {

        public static final ModelFilter ALL =
                new ModelFilter("", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), _ -> true);

        private boolean byName(RegisteredModel model) {
            String wanted = text.toLowerCase(Locale.ROOT);
            boolean has = wanted.isEmpty()
                    || model.name().toString().toLowerCase(Locale.ROOT).contains(wanted)
                    || model.description().toLowerCase(Locale.ROOT).contains(wanted);
            return has && also.test(model.name());
        }

        private boolean byContent(ModelRow row) {
            return framework
                            .map(wanted -> row.member("framework").filter(wanted::equalsIgnoreCase))
                            .map(Optional::isPresent)
                            .orElse(true)
                    && owner.map(row::isOf).orElse(true)
                    && alias.map(row.aliases()::containsKey).orElse(true)
                    && tag.map(row::hasTag).orElse(true);
        }
    }

    /** The order of a list of models. */
    public enum Order {
        NAME,
        /** What changed last comes first. */
        CHANGE
    }

    /**
     * A model in a list.
     *
     * @param versions how many there are
     * @param latest the highest release; without a release, the highest version
     * @param aliases each with the version that it points to
     */
    public record ModelRow(
            RegisteredModel model,
            long versions,
            Optional<VersionSummary> latest,
            Map<String, String> aliases,
            List<KeyValue> tags) {

        /** A text of the latest version's card. */
        public Optional<String> member(String name) {
            return latest.map(version -> version.shownCard().value().path(name).asString(""))
                    .filter(text -> !text.isEmpty());
        }

        private boolean isOf(String owner) {
            return member("author").filter(owner::equalsIgnoreCase).isPresent()
                    || latest.filter(version -> version.published().actor().equalsIgnoreCase(owner))
                            .isPresent();
        }

        private boolean hasTag(String wanted) {
            return tags.stream()
                    .anyMatch(tag -> tag.key().equals(wanted) || (tag.key() + "=" + tag.value()).equals(wanted));
        }
    }

    /**
     * A page of models. A page may end before it has as many as were asked for, when few of many models fit; its token
     * leads on.
     *
     * @param after the token of the page before
     */
    public Page<ModelRow> models(ModelFilter filter, Order order, Optional<String> after, int size) {
        Reach reach = access.requireSome(Action.READ);
        Place from = Place.read(order, after);
        return catalog.read(tx -> {
            List<ModelRow> rows = new ArrayList<>();
            Place place = from;
            int looked = 0;
            while (true) {
                List<RegisteredModel> some = place.next(tx, reach);
                for (RegisteredModel model : some) {
                    if (rows.size() == size || looked == MOST_LOOKED_AT) {
                        return new Page<>(rows, Optional.of(place.token()));
                    }
                    place = place.after(model);
                    if (filter.byName(model)) {
                        looked++;
                        Optional.of(row(tx, model)).filter(filter::byContent).ifPresent(rows::add);
                    }
                }
                if (some.size() < AT_ONCE) {
                    return new Page<>(rows, Optional.empty());
                }
            }
        });
    }

    /** Where a list of models goes on. */
    private record Place(Order order, String name, Instant changed, ModelId id) {

        /** No model changed later than this; catalogs do not keep all times that there are. */
        private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

        static Place read(Order order, Optional<String> token) {
            if (token.isEmpty() || token.get().isEmpty()) {
                return new Place(order, "", Instant.MAX, ModelId.UNKNOWN);
            }
            if (order == Order.NAME) {
                return new Place(order, token.get(), Instant.MAX, ModelId.UNKNOWN);
            }
            String[] parts = token.get().split("~", 2);
            try {
                Instant changed = Instant.parse(parts[0]);
                long id = Long.parseLong(parts[1]);
                if (changed.isBefore(Instant.EPOCH) || changed.isAfter(LATEST) || id < 0) {
                    throw malformed();
                }
                return new Place(order, "", changed, new ModelId(id));
            } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException odd) {
                throw malformed();
            }
        }

        private static ProblemException malformed() {
            return ProblemException.invalid("after", "The place in the list is not one that a page gave. Begin anew.");
        }

        List<RegisteredModel> next(CatalogTransaction tx, Reach reach) {
            return order == Order.NAME
                    ? tx.models().list(name, AT_ONCE, reach)
                    : tx.models().listByChange(changed, id, AT_ONCE, reach);
        }

        Place after(RegisteredModel model) {
            return new Place(order, model.name().toString(), model.updatedAt(), model.id());
        }

        String token() {
            return order == Order.NAME ? name : changed + "~" + id.value();
        }
    }

    /** One model. */
    public ModelRow model(ModelName name) {
        access.require(Action.READ, new Resource.Model(name));
        return catalog.read(tx -> row(tx, VersionResolver.requireModel(tx, name)));
    }

    private static ModelRow row(CatalogTransaction tx, RegisteredModel model) {
        Map<String, String> aliases = new TreeMap<>();
        for (ModelAlias pointer : tx.aliases().list(model.id())) {
            tx.versions()
                    .findByOrdinal(model.id(), pointer.ordinal())
                    .ifPresent(version -> aliases.put(
                            pointer.alias(), version.summary().version().toString()));
        }
        Optional<VersionSummary> latest = tx.versions()
                .highest(model.id(), version -> !version.isPreRelease())
                .map(PublishedVersion::summary)
                .or(() -> tx.versions().listDown(model.id(), "", 1).stream().findFirst());
        long id = model.id().value();
        return new ModelRow(
                model,
                tx.versions().count(model.id()),
                latest,
                aliases,
                tx.modelTags().of(List.of(id)).getOrDefault(id, List.of()));
    }

    /** The versions of one major number, highest first. */
    public record Lane(long major, List<VersionSummary> versions, boolean more) {}

    /**
     * The newest versions of the highest major numbers.
     *
     * @param most how many major numbers
     * @param each how many versions of each
     */
    public List<Lane> lanes(ModelName model, int most, int each) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            ModelId id = VersionResolver.requireModel(tx, model).id();
            List<Lane> lanes = new ArrayList<>();
            String below = "";
            while (lanes.size() < most) {
                List<VersionSummary> found = tx.versions().listDown(id, below, each + 1);
                if (found.isEmpty()) {
                    break;
                }
                long major = found.getFirst().version().major();
                List<VersionSummary> same = found.stream()
                        .filter(version -> version.version().major() == major)
                        .toList();
                lanes.add(new Lane(major, same.subList(0, Math.min(each, same.size())), same.size() > each));
                below = found.getFirst().version().majorKey();
            }
            return lanes;
        });
    }

    /**
     * Versions, highest first.
     *
     * @param below the token of the page before
     */
    public Page<VersionSummary> versions(ModelName model, Optional<String> below, int size) {
        access.require(Action.READ, new Resource.Model(model));
        return catalog.read(tx -> {
            ModelId id = VersionResolver.requireModel(tx, model).id();
            return Page.of(
                    tx.versions().listDown(id, below.orElse(""), size + 1),
                    size,
                    version -> version.version().sortKey());
        });
    }

    /** The versions that were published last, of all models that the caller may see. */
    public List<VersionSummary> publishedLately(int most) {
        Reach reach = access.requireSome(Action.READ);
        return catalog.read(tx -> {
            List<VersionSummary> found = new ArrayList<>();
            for (RegisteredModel model : tx.models().listByChange(Instant.MAX, ModelId.UNKNOWN, 2 * most, reach)) {
                for (long ordinal = model.lastOrdinal(); ordinal > Math.max(0, model.lastOrdinal() - most); ordinal--) {
                    tx.versions()
                            .findByOrdinal(model.id(), ordinal)
                            .filter(PublishedVersion::active)
                            .map(PublishedVersion::summary)
                            .ifPresent(found::add);
                }
            }
            found.sort((a, b) -> b.published().at().compareTo(a.published().at()));
            return List.copyOf(found.subList(0, Math.min(most, found.size())));
        });
    }
}

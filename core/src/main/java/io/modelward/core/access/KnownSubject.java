package io.modelward.core.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What the server remembers of somebody who was here.
 *
 * @param shown a name for people to read, which proves nothing; may be empty
 * @param groups as the identity provider told them last
 * @param toldAt when the provider told them; groups that were told long ago give nothing any more
 * @param disabledAt since when the subject may do nothing, whatever it proves itself by
 */
public record KnownSubject(
        Subject subject, String shown, Set<String> groups, Instant toldAt, Optional<Instant> disabledAt) {

    public boolean disabled() {
        return disabledAt.isPresent();
    }
}

package io.modelward.store.postgres;

import org.junit.jupiter.api.Tag;

/** The gate tries the older release; what is the same in both takes minutes twice. */
@Tag("process")
@Tag("heavy")
class Postgres18Test extends PostgresSuites {

    Postgres18Test() {
        super(PostgresServer.NEWER);
    }
}

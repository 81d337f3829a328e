package io.modelward.store.postgres;

import org.junit.jupiter.api.Tag;

@Tag("process")
class Postgres18Test extends PostgresSuites {

    Postgres18Test() {
        super(PostgresServer.NEWER);
    }
}

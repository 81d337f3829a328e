package io.modelward.store.postgres;

import org.junit.jupiter.api.Tag;

@Tag("process")
class Postgres15Test extends PostgresSuites {

    Postgres15Test() {
        super(PostgresServer.OLDER);
    }
}

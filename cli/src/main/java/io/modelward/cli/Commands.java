package io.modelward.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** All commands but those of the application, by name, in the order in which the help lists them. */
final class Commands {

    static final Map<String, Class<?>> ALL = all();

    private Commands() {}

    private static Map<String, Class<?>> all() {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        all.put("publish", PublishCommand.class);
        all.put("import", ImportCommand.class);
        all.put("list", ListCommand.class);
        all.put("show", ShowCommand.class);
        all.put("diff", DiffCommand.class);
        all.put("get", GetCommand.class);
        all.put("alias", AliasCommand.class);
        all.put("model", ModelCommand.class);
        all.put("version", VersionCommand.class);
        all.put("endpoint", EndpointCommand.class);
        all.put("predict", PredictCommand.class);
        all.put("predictions", PredictionsCommand.class);
        all.put("trace", TraceCommand.class);
        all.put("flip", FlipCommand.class);
        all.put("rollback", RollbackCommand.class);
        all.put("rollout", RolloutCommand.class);
        all.put("runs", RunsCommand.class);
        all.put("job", JobCommand.class);
        all.put("reproduce", ReproduceCommand.class);
        all.put("retention", RetentionCommand.class);
        all.put("gc", GcCommand.class);
        all.put("verify", VerifyCommand.class);
        all.put("status", StatusCommand.class);
        all.put("audit", AuditCommand.class);
        all.put("notify", NotifyCommand.class);
        all.put("backup", BackupCommand.class);
        all.put("login", LoginCommand.class);
        all.put("logout", LogoutCommand.class);
        all.put("whoami", WhoamiCommand.class);
        all.put("token", TokenCommand.class);
        all.put("grant", GrantCommand.class);
        all.put("user", UserCommand.class);
        all.put("completion", CompletionCommand.class);
        return Collections.unmodifiableMap(all);
    }
}

package io.margay.store.table;

import io.margay.model.resource.Kind;
import java.util.List;

/** The columns of the kinds that are about agents. */
final class AgentColumns {
  private static final Column READY = Column.of("Ready", o -> Cells.condition(o, "Ready"));

  private AgentColumns() {}

  static List<Column> of(Kind kind) {
    return switch (kind) {
      case AGENT ->
          List.of(
              Column.NAME,
              Column.at("Owner", "/spec/owner"),
              Column.at("Team", "/spec/team"),
              Column.at("Risk", "/spec/riskLevel"),
              Column.at("Environment", "/spec/environment"),
              READY,
              Column.AGE,
              Column.wideAt("Spiffe-Id", "/spec/spiffeId"),
              Column.wideAt("Purpose", "/spec/purpose"));
      case TOOL_SERVER ->
          List.of(
              Column.NAME,
              Column.at("Owner", "/spec/owner"),
              Column.of("Tools", o -> Integer.toString(o.at("/spec/tools").size())),
              Column.at("Data-Classes", "/spec/dataClasses"),
              READY,
              Column.AGE,
              Column.wideAt("URL", "/spec/url"));
      case MODEL_PROVIDER ->
          List.of(
              Column.NAME,
              Column.at("API", "/spec/api"),
              Column.of("Models", o -> Cells.items(o.at("/spec/models"), "name")),
              READY,
              Column.AGE,
              Column.wideAt("URL", "/spec/url"));
      case BUDGET ->
          List.of(
              Column.NAME,
              Column.at("Per", "/spec/per"),
              Column.at("Tokens", "/spec/tokens"),
              Column.at("Cost", "/spec/cost"),
              Column.at("Window", "/spec/windowSeconds"),
              Column.of("Accounts", o -> Integer.toString(o.at("/status/accounts").size())),
              READY,
              Column.AGE,
              Column.wideAt("Selector", "/spec/selector"),
              Column.wideAt("Models", "/spec/models"));
      case TOOL_SET -> set("Tools", "/spec/tools");
      case AGENT_GROUP -> set("Members", "/spec/members");
      case AGENT_POLICY ->
          List.of(
              Column.NAME,
              Column.at("Tier", "/spec/tier"),
              Column.at("Enforcement", "/spec/enforcement"),
              READY,
              Column.AGE,
              Column.wideAt("Replaces", "/spec/replaces"));
      case AGENT_HALT ->
          List.of(
              Column.NAME,
              Column.at("Agent", "/spec/agent"),
              Column.at("Selector", "/spec/selector"),
              Column.at("Until", "/spec/until"),
              Column.at("Reason", "/spec/reason"),
              Column.AGE);
      case APPROVAL ->
          List.of(
              Column.NAME,
              Column.at("Agent", "/spec/agent"),
              Column.at("Target", "/spec/target"),
              Column.of("State", o -> o.at("/status/state").asText("Pending")),
              Column.at("Expires", "/spec/expires"),
              Column.AGE,
              Column.wideAt("User", "/spec/user"),
              Column.wideAt("Policies", "/spec/policies"));
      default -> throw new IllegalArgumentException(kind + " is not about agents");
    };
  }

  private static List<Column> set(String what, String path) {
    return List.of(
        Column.NAME,
        Column.of(what, o -> Cells.shortened(o.at(path))),
        Column.at("Selector", "/spec/selector"),
        READY,
        Column.AGE);
  }
}

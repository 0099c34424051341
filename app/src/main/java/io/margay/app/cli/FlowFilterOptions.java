package io.margay.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which flows somebody wants to see, with the filters of the page. */
final class FlowFilterOptions {
  private static final JsonMapper JSON = new JsonMapper();

  /** What picocli spells as it is written; options may be given several times. */
  enum WantedVerdict {
    allow,
    deny
  }

  /** Which end told of the flow. */
  enum WantedReporter {
    source,
    dest
  }

  @Option(names = "--verdict", description = "One of ${COMPLETION-CANDIDATES}.")
  private List<WantedVerdict> verdicts = new ArrayList<>();

  @Option(names = "--denied", description = "The same as --verdict deny.")
  private boolean denied;

  @Option(
      names = "--pending",
      description = "The verdict of a staged policy: one of ${COMPLETION-CANDIDATES}.")
  private List<WantedVerdict> pending = new ArrayList<>();

  @Option(
      names = "--pending-differs",
      description = "Only flows whose verdict staged policies would change.")
  private boolean pendingDiffers;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Of the source or the destination.")
  private List<String> namespaces = new ArrayList<>();

  @Option(names = "--source", paramLabel = "TEXT", description = "Part of the source's name.")
  private List<String> sources = new ArrayList<>();

  @Option(names = "--source-namespace", paramLabel = "NAME", description = "Of the source.")
  private List<String> sourceNamespaces = new ArrayList<>();

  @Option(names = "--dest", paramLabel = "TEXT", description = "Part of the destination's name.")
  private List<String> dests = new ArrayList<>();

  @Option(names = "--dest-namespace", paramLabel = "NAME", description = "Of the destination.")
  private List<String> destNamespaces = new ArrayList<>();

  @Option(names = "--port", paramLabel = "PORT", description = "Of the destination.")
  private List<Integer> ports = new ArrayList<>();

  @Option(names = "--protocol", paramLabel = "NAME", description = "Such as tcp or udp.")
  private List<String> protocols = new ArrayList<>();

  @Option(
      names = "--reporter",
      description = "The end that judged, one of ${COMPLETION-CANDIDATES}.")
  private @Nullable WantedReporter reporter;

  @Option(
      names = "--policy",
      paramLabel = "[NAMESPACE/]NAME",
      description = "In the enforced or the pending chain.")
  private List<String> policies = new ArrayList<>();

  @Option(names = "--tier", paramLabel = "NAME", description = "With a policy of this tier.")
  private List<String> tiers = new ArrayList<>();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "With a policy of this kind, such as CalicoNetworkPolicy or Profile.")
  private List<String> kinds = new ArrayList<>();

  /** The filter as the API takes it. */
  ObjectNode filter() {
    ObjectNode filter = JSON.createObjectNode();
    List<WantedVerdict> wanted = new ArrayList<>(verdicts);
    if (denied) {
      wanted.add(WantedVerdict.deny);
    }
    set(filter, "actions", actions(wanted));
    set(filter, "pending_actions", actions(pending));
    set(filter, "namespaces", matches(namespaces, "Exact"));
    set(filter, "source_names", matches(sources, "Fuzzy"));
    set(filter, "source_namespaces", matches(sourceNamespaces, "Exact"));
    set(filter, "dest_names", matches(dests, "Fuzzy"));
    set(filter, "dest_namespaces", matches(destNamespaces, "Exact"));
    set(filter, "protocols", matches(protocols, "Exact"));
    ArrayNode wantedPorts = JSON.createArrayNode();
    ports.forEach(port -> wantedPorts.addObject().put("value", port));
    set(filter, "dest_ports", wantedPorts);
    set(filter, "policies", policyMatches());
    if (reporter != null) {
      filter.put(
          "reporter",
          switch (reporter) {
            case source -> "Src";
            case dest -> "Dst";
          });
    }
    if (pendingDiffers) {
      filter.put("pending_differs", true);
    }
    return filter;
  }

  private static ArrayNode actions(List<WantedVerdict> verdicts) {
    ArrayNode actions = JSON.createArrayNode();
    for (WantedVerdict verdict : verdicts) {
      actions.add(
          switch (verdict) {
            case allow -> "Allow";
            case deny -> "Deny";
          });
    }
    return actions;
  }

  /** One hit must have a name, a tier and a kind that are wanted: each combination is asked for. */
  private ArrayNode policyMatches() {
    ArrayNode matches = JSON.createArrayNode();
    if (policies.isEmpty() && tiers.isEmpty() && kinds.isEmpty()) {
      return matches;
    }
    for (String policy : orAny(policies)) {
      for (String tier : orAny(tiers)) {
        for (String kind : orAny(kinds)) {
          ObjectNode match = matches.addObject();
          int slash = policy.indexOf('/');
          put(match, "name", policy.substring(slash + 1));
          put(match, "namespace", slash < 0 ? "" : policy.substring(0, slash));
          put(match, "tier", tier);
          put(match, "kind", kind);
        }
      }
    }
    return matches;
  }

  private static List<String> orAny(List<String> values) {
    return values.isEmpty() ? List.of("") : values;
  }

  private static void put(ObjectNode match, String field, String value) {
    if (!value.isEmpty()) {
      match.put(field, value);
    }
  }

  private static ArrayNode matches(List<String> values, String type) {
    ArrayNode matches = JSON.createArrayNode();
    values.forEach(value -> matches.addObject().put("value", value).put("type", type));
    return matches;
  }

  private static void set(ObjectNode filter, String field, ArrayNode values) {
    if (!values.isEmpty()) {
      filter.set(field, values);
    }
  }
}

package io.margay.model.schema;

import java.util.HashSet;
import java.util.Set;

/** What must hold between the fields of agents and of what is about them. */
final class AgentChecks {
  private AgentChecks() {}

  static void agent(Place spec) {
    Place owner = spec.at("owner");
    if (owner.present() && owner.text().isBlank()) {
      owner.problem("empty", "write the person who answers for the agent");
    }
    Place workload = spec.at("workload");
    if (workload.present() && !workload.at("podSelector").given()) {
      workload
          .at("podSelector")
          .problem("selects all pods", "write the labels of the agent's pods");
    }
    caBundle(spec.at("a2a"));
  }

  private static void caBundle(Place server) {
    if (server.at("caBundle").given() && !server.at("url").text().startsWith("https:")) {
      server.at("url").problem("nobody vouches for it, though a caBundle is given", "write https");
    }
  }

  static void toolServer(Place spec) {
    caBundle(spec);
    Set<String> classes = new HashSet<>();
    spec.at("dataClasses").items().forEach(item -> classes.add(item.text()));
    Set<String> names = new HashSet<>();
    for (Place tool : spec.at("tools").items()) {
      uniqueName(tool.at("name"), names, "tool");
      Place dataClass = tool.at("dataClass");
      if (dataClass.given() && !classes.contains(dataClass.text())) {
        dataClass.problem("not one of the server's dataClasses", "write it there, too");
      }
      Place schema = tool.at("inputSchema");
      if (schema.present() && !schema.node().isObject()) {
        schema.problem("not a JSON schema", "write the tool's inputSchema as its server tells it");
      }
    }
  }

  static void modelProvider(Place spec) {
    caBundle(spec);
    Set<String> names = new HashSet<>();
    spec.at("models").items().forEach(model -> uniqueName(model.at("name"), names, "model"));
  }

  private static void uniqueName(Place name, Set<String> names, String what) {
    if (name.given() && !names.add(name.text())) {
      name.problem("another " + what + " has this name", "write another name");
    }
  }

  static void budget(Place spec) {
    if (!spec.at("tokens").present() && !spec.at("cost").present()) {
      spec.at("tokens").problem("missing", "write tokens, cost, or both");
    }
    for (Place model : spec.at("models").items()) {
      if (!isPath(model.text())) {
        model.problem("not a model", "write provider/model, or provider/* for all of a provider");
      }
    }
  }

  static void toolSet(Place spec) {
    oneOf(spec, "tools", "selector");
    for (Place tool : spec.at("tools").items()) {
      if (!isPath(tool.text())) {
        tool.problem("not a tool", "write server/tool, or server/* for all of a server");
      }
    }
  }

  private static boolean isPath(String text) {
    int slash = text.indexOf('/');
    return slash >= 1 && slash < text.length() - 1;
  }

  /** A list of names, a selector, or both. */
  static void oneOf(Place spec, String names, String selector) {
    if (!spec.at(names).given() && !spec.at(selector).given()) {
      spec.at(names).problem("missing", "write " + names + ", or a " + selector);
    }
  }

  static void agentPolicy(Place spec) {
    Place cedar = spec.at("cedar");
    if (cedar.present() && cedar.text().isBlank()) {
      cedar.problem("empty", "write one Cedar policy or more");
    }
    boolean staged = spec.at("enforcement").text().equals("Staged");
    Place replaces = spec.at("replaces");
    if (replaces.given() && !staged) {
      replaces.problem("only of staged policies", "leave it out, or write enforcement: Staged");
    }
  }
}

package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.assertion.CounterexampleText;
import io.margay.console.flow.FlowJson;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.PathStep;
import io.margay.policy.proof.Proof;
import io.margay.policy.proof.Proof.Counterexample;
import io.margay.policy.proof.Proof.Result;
import java.util.List;
import java.util.Locale;

/** The JSON of proofs; its hits look like those of flows. */
final class ProofJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ProofJson() {}

  static ObjectNode of(List<Proof> proofs) {
    ObjectNode all = JSON.createObjectNode();
    for (Result result : Result.values()) {
      all.put(word(result), proofs.stream().filter(p -> p.result() == result).count());
    }
    proofs.forEach(proof -> all.withArray("assertions").add(of(proof)));
    return all;
  }

  private static ObjectNode of(Proof proof) {
    ObjectNode node = JSON.createObjectNode();
    node.put("assertion", proof.assertion().text());
    node.put("result", word(proof.result()));
    node.put("pairs", proof.pairs());
    node.putArray("warnings");
    proof.warnings().forEach(node.withArray("warnings")::add);
    Counterexample counterexample = proof.counterexample();
    node.set("counterexample", counterexample == null ? null : of(counterexample));
    return node;
  }

  private static ObjectNode of(Counterexample found) {
    Packet packet = found.decision().packet();
    ObjectNode node = JSON.createObjectNode();
    node.put("from", found.from().toString());
    node.put("to", found.to().toString());
    node.put("traffic", CounterexampleText.traffic(packet));
    node.put("protocol", packet.protocol().toString().toLowerCase(Locale.ROOT));
    node.put("source_port", packet.sourcePort());
    node.put("port", packet.destinationPort());
    node.put("action", action(found.decision().enforced().verdict()));
    node.putArray("steps");
    for (PathStep step : found.decision().enforced().steps()) {
      ObjectNode part = node.withArray("steps").addObject();
      part.put("endpoint", step.endpoint().toString());
      part.put("direction", step.direction().name().toLowerCase(Locale.ROOT));
      part.put("action", action(step.verdict()));
      part.set("policies", FlowJson.hits(step.trace()));
    }
    return node;
  }

  private static String word(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private static String action(Verdict verdict) {
    return verdict == Verdict.ALLOW ? "Allow" : "Deny";
  }
}

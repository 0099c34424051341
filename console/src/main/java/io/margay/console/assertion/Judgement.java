package io.margay.console.assertion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.assertion.Assertion;
import io.margay.model.resource.PolicyAssertion;
import io.margay.model.resource.PolicyAssertion.Statement;
import io.margay.policy.proof.Proof;
import io.margay.policy.proof.Proof.Counterexample;
import io.margay.policy.proof.Prover;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the assertions of one object.
 *
 * @param generation of the object that was judged
 */
record Judgement(long generation, List<Result> results) {

  /** Whether all that the object says is true. */
  enum Holds {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String text;

    Holds(String text) {
      this.text = text;
    }

    /** As conditions write it. */
    String text() {
      return text;
    }
  }

  /**
   * What became of one.
   *
   * @param proof null if it was not judged, for the problem that the statement has
   */
  record Result(Statement statement, @Nullable Proof proof) {

    private Holds holds() {
      if (proof == null) {
        return Holds.UNKNOWN;
      }
      return switch (proof.result()) {
        case PROVEN -> Holds.TRUE;
        case FAILED -> Holds.FALSE;
        // A selector that matches nothing proves nothing.
        case WARNING -> Holds.UNKNOWN;
      };
    }

    private String reason() {
      if (proof == null) {
        return "NotJudged";
      }
      return switch (proof.result()) {
        case PROVEN -> "Proven";
        case FAILED -> "Contradicted";
        case WARNING -> "Warning";
      };
    }

    private String message() {
      if (proof == null) {
        return statement.problem();
      }
      Counterexample found = proof.counterexample();
      String why =
          found == null ? String.join("; ", proof.warnings()) : CounterexampleText.of(found);
      return statement.text() + ": " + why;
    }

    private ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("assertion", statement.text());
      json.put("result", reason().equals("Contradicted") ? "Failed" : reason());
      if (proof == null) {
        json.putArray("warnings").add(statement.problem());
        return json;
      }
      if (!proof.warnings().isEmpty()) {
        proof.warnings().forEach(json.putArray("warnings")::add);
      }
      Counterexample found = proof.counterexample();
      if (found != null) {
        ObjectNode example = json.putObject("counterexample");
        example.put("from", found.from().toString()).put("to", found.to().toString());
        example.put("traffic", CounterexampleText.traffic(found.decision().packet()));
        example.put("action", CounterexampleText.action(found));
        CounterexampleText.chain(found).forEach(example.putArray("chain")::add);
      }
      return json;
    }
  }

  Judgement {
    results = List.copyOf(results);
  }

  /** Judges all that an object says. */
  static Judgement of(PolicyAssertion asserted, Prover prover) {
    List<Result> results = new ArrayList<>();
    for (Statement statement : asserted.statements()) {
      Assertion assertion = statement.assertion();
      results.add(new Result(statement, assertion == null ? null : prover.prove(assertion)));
    }
    return new Judgement(asserted.metadata().generation(), results);
  }

  /** Where judging broke off: what was proven before may not be true any more. */
  static Judgement failed(PolicyAssertion asserted, RuntimeException failure) {
    return new Judgement(
        asserted.metadata().generation(),
        asserted.statements().stream()
            .map(one -> new Statement(one.text(), null, "could not be judged: " + failure))
            .map(one -> new Result(one, null))
            .toList());
  }

  Holds holds() {
    if (results.stream().anyMatch(result -> result.holds() == Holds.FALSE)) {
      return Holds.FALSE;
    }
    boolean all = !results.isEmpty() && results.stream().allMatch(r -> r.holds() == Holds.TRUE);
    return all ? Holds.TRUE : Holds.UNKNOWN;
  }

  /** The first that decides whether all hold; null where all are proven, or there is none. */
  private @Nullable Result decisive() {
    Holds holds = holds();
    return holds == Holds.TRUE
        ? null
        : results.stream().filter(result -> result.holds() == holds).findFirst().orElse(null);
  }

  /** Why, in one word. */
  String reason() {
    Result decisive = decisive();
    return decisive == null ? "Proven" : decisive.reason();
  }

  /** Why, for people. */
  String message() {
    Result decisive = decisive();
    if (decisive == null) {
      return "";
    }
    long alike = results.stream().filter(result -> result.holds() == holds()).count();
    return decisive.message() + (alike == 1 ? "" : "; and " + (alike - 1) + " more");
  }

  /** The results as the object's status lists them. */
  ArrayNode json() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    results.forEach(result -> all.add(result.json()));
    return all;
  }
}

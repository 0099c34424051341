package io.margay.console.why;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.policies.PolicyJson;
import io.margay.console.policies.PolicyYaml;
import io.margay.console.policies.StagedForm;
import io.margay.model.manifest.KubeObject;
import io.margay.policy.why.Change;
import io.margay.policy.why.Explanation.Flip;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of what would turn a verdict: each change as a policy that can be staged as it is. */
public final class FixJson {
  private FixJson() {}

  /**
   * Writes the changes.
   *
   * @param effect what else they would turn; null if that was not looked at
   * @param store with the policies as their authors wrote them
   */
  public static void write(
      WhyAnswer answer, @Nullable ObjectNode effect, ResourceStore store, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    WhyJson.writeQuestion(answer.question(), json);
    json.writeStringField("action", WhyJson.verdict(answer));
    Flip flip = answer.explanation().flip();
    json.writeArrayFieldStart("changes");
    for (Change change : flip == null ? List.<Change>of() : flip.changes()) {
      write(change, store.get(change.policy()), json);
    }
    json.writeEndArray();
    PolicyJson.writeTexts("notes", answer.notes(), json);
    json.writeFieldName("effect");
    if (effect == null) {
      json.writeNull();
    } else {
      json.writeTree(effect);
    }
    json.writeEndObject();
  }

  private static void write(Change change, Optional<KubeObject> stored, JsonGenerator json)
      throws IOException {
    KubeObject after = ChangedPolicy.of(change, stored);
    json.writeStartObject();
    json.writeStringField("statement", change.statement());
    PolicyJson.writeRef("policy", change.policy(), json);
    json.writeStringField("tier", ChangedPolicy.tier(change.result()));
    json.writeBooleanField("exists", stored.isPresent());
    json.writeStringField("rule_yaml", change.yaml());
    json.writeStringField(
        "before_yaml", stored.map(object -> PolicyYaml.of(object.json())).orElse(""));
    json.writeStringField("after_yaml", PolicyYaml.of(after.json()));
    json.writeStringField(
        "staged_yaml",
        StagedForm.stagedKind(after.kind())
            .map(kind -> PolicyYaml.of(StagedForm.staged(after).json()))
            .orElse(null));
    json.writeStringField("resource_version", stored.map(KubeObject::resourceVersion).orElse(""));
    json.writeEndObject();
  }
}

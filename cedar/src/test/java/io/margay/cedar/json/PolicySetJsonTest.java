package io.margay.cedar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.random.RandomWorld;
import io.margay.cedar.text.PolicyPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySetJsonTest {

  private static PolicySet reread(PolicySet set) {
    String json = JsonText.print(PolicySetJson.write(set));
    return PolicySetJson.read(new SourceText("set.json", json));
  }

  @Test
  void policySetsReadBackAsTheSame() {
    for (long seed = 0; seed < 500; seed++) {
      // Paths of has are written step by step: after one round nothing changes any more.
      PolicySet set = reread(new RandomWorld(seed).policies(4));
      PolicySet again = reread(set);
      assertThat(again).isEqualTo(set);
      // What JSON says can be said in text too.
      for (Policy policy : set.policies().values()) {
        if (!policy.isLink()) {
          SourceText text = new SourceText("", PolicyPrinter.print(policy));
          assertThat(CedarParser.template(policy.id(), text)).isEqualTo(policy.template());
        }
      }
    }
  }

  @Test
  void entitiesReadBackAsTheSame() {
    for (long seed = 0; seed < 500; seed++) {
      Entities entities = new RandomWorld(seed).entities();
      Entities again =
          EntityJson.readAll(
              new SourceText("e.json", JsonText.print(EntityJson.writeAll(entities))));
      assertThat(again.size()).isEqualTo(entities.size());
      entities.forEach(
          stored -> assertThat(again.find(stored.uid()).entity()).isEqualTo(stored.entity()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Var\": \"principle\"}",
        "{\"Value\": null}",
        "{\"Value\": 1.5}",
        "{\"Value\": 9223372036854775808}",
        "{\"Value\": {\"__expr\": \"1\"}}",
        "{\"Value\": {\"__extn\": {\"fn\": \"ipv4\", \"arg\": \"1\"}}}",
        "{\"Value\": {\"__entity\": {\"type\": \"if\", \"id\": \"1\"}}}",
        "{\"Value\": \"\\ud800\"}",
        "{\"==\": {\"left\": {\"Value\": 1}}}",
        "{\"==\": {\"left\": {\"Value\": 1}, \"right\": {\"Value\": 1}, \"middle\": 1}}",
        "{\"Value\": 1, \"Var\": \"principal\"}",
        "{}",
        "{\"Slot\": \"?principal\"}",
        "{\"isIpv4\": []}",
        "{\"unknown\": [{\"Value\": \"x\"}]}",
        "{\"like\": {\"left\": {\"Value\": \"a\"}, \"pattern\": [\"Wild\"]}}",
        "{\"is\": {\"left\": {\"Var\": \"principal\"}, \"entity_type\": \"a b\"}}",
        "{\"has\": {\"left\": {\"Var\": \"principal\"}, \"attr\": []}}",
        "{\"Record\": {\"a\": {\"Value\": 1}, \"a\": {\"Value\": 2}}}",
        "[]",
      })
  void refusesExpressionsThatAreNone(String body) {
    String policy =
        """
        {"staticPolicies": {"p": {"effect": "permit", "principal": {"op": "All"},
          "action": {"op": "All"}, "resource": {"op": "All"},
          "conditions": [{"kind": "when", "body": %s}]}}, "templates": {}, "templateLinks": []}
        """
            .formatted(body);
    assertThatThrownBy(() -> PolicySetJson.read(new SourceText("set.json", policy)))
        .isInstanceOf(CedarParseException.class)
        .hasMessageStartingWith("set.json:3:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"uid\": {\"type\": \"A\", \"id\": \"a\"}, \"attrs\": {}}] | parents",
        "[{\"uid\": \"A::1\", \"attrs\": {}, \"parents\": []}] | expected an entity",
        "[{\"uid\": {\"type\": \"A\", \"id\": \"a\"}, \"attrs\": {\"x\": null}, \"parents\": []}] | Cedar has no null",
        "[{\"uid\": {\"type\": \"A\", \"id\": \"a\"}, \"attrs\": {\"x\": 1, \"x\": 2}, \"parents\": []}] | uplicate",
        "[{\"uid\": {\"type\": \"A\", \"id\": \"a\"}, \"attrs\": {}, \"parents\": [], \"tag\": {}}] | no meaning here",
        "[{\"uid\": {\"type\": \"A\", \"id\": \"a\"}, \"attrs\": {}, \"parents\": [{\"type\": \"A\", \"id\": \"a\"}]}] | its own ancestor",
        "[{\"uid\": {\"type\": \"Action\", \"id\": \"a\"}, \"attrs\": {}, \"parents\": [{\"type\": \"A\", \"id\": \"a\"}]}] | no action",
        "[{\"uid\": {\"type\": \"A\", \"id\": \"a\"}, \"attrs\": {\"x\": {\"__extn\": {\"fn\": \"ip\", \"arg\": \"1.2.3\"}}}, \"parents\": []}] | not a valid IP",
        "{} | a list",
        "[{\"uid\" | not JSON",
        "[] [] | more after",
      })
  void refusesEntitiesThatAreNone(String json, String message) {
    assertThatThrownBy(() -> EntityJson.readAll(new SourceText("e.json", json)))
        .isInstanceOf(CedarParseException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"templateId\": \"x\", \"newId\": \"l\", \"values\": {}}",
        "{\"templateId\": \"t\", \"newId\": \"t\", \"values\": {\"?principal\": {\"type\": \"A\", \"id\": \"a\"}}}",
        "{\"templateId\": \"t\", \"newId\": \"l\", \"values\": {}}",
        "{\"templateId\": \"t\", \"newId\": \"l\", \"values\": {\"?other\": {\"type\": \"A\", \"id\": \"a\"}}}",
      })
  void refusesLinksThatDoNotFit(String link) {
    String set =
        """
        {"staticPolicies": {}, "templates": {"t": {"effect": "permit",
          "principal": {"op": "==", "slot": "?principal"}, "action": {"op": "All"},
          "resource": {"op": "All"}, "conditions": []}}, "templateLinks": [%s]}
        """
            .formatted(link);
    assertThatThrownBy(() -> PolicySetJson.read(new SourceText("set.json", set)))
        .isInstanceOf(CedarParseException.class);
  }
}

package io.margay.console.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.console.http.HttpFailure;
import io.margay.flows.Reporter;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.StringMatch;
import io.margay.model.resource.RuleAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterReaderTest {
  @Test
  void everyFieldIsRead() {
    FlowFilter filter =
        FilterReader.read(
            """
            {"source_names": [{"value": "web", "type": "Fuzzy"}, {"value": "cart"}],
             "source_namespaces": [{"value": "Global", "type": "Exact"}],
             "dest_names": [{"value": "PRIV", "type": "Fuzzy"}],
             "dest_namespaces": [{"value": "shop"}],
             "namespaces": [{"value": "lab"}],
             "protocols": [{"value": "tcp"}],
             "dest_ports": [{"value": 443}, 80],
             "actions": ["Allow", "Pass"],
             "pending_actions": ["Deny"],
             "reporter": "Src",
             "policies": [{"kind": "NetworkPolicy", "tier": "default", "namespace": "Global",
                           "name": "web", "action": "Deny"}, {"name": ""}],
             "pending_differs": true}
            """);
    assertThat(filter.sourceNames())
        .containsExactly(new StringMatch("web", StringMatch.Type.FUZZY), StringMatch.exact("cart"));
    assertThat(filter.sourceNamespaces())
        .containsExactly(StringMatch.exact("Global"), StringMatch.exact("-"));
    assertThat(filter.destNames())
        .containsExactly(new StringMatch("PRIV", StringMatch.Type.FUZZY), StringMatch.exact("pvt"));
    assertThat(filter.destNamespaces()).containsExactly(StringMatch.exact("shop"));
    assertThat(filter.namespaces()).containsExactly(StringMatch.exact("lab"));
    assertThat(filter.protocols()).containsExactly(StringMatch.exact("tcp"));
    assertThat(filter.destPorts()).containsExactly(443, 80);
    assertThat(filter.actions()).containsExactly(RuleAction.ALLOW, RuleAction.PASS);
    assertThat(filter.pendingActions()).containsExactly(RuleAction.DENY);
    assertThat(filter.reporter()).isEqualTo(Reporter.SOURCE);
    assertThat(filter.policies())
        .containsExactly(
            new PolicyMatch("NetworkPolicy", "default", "", "web", RuleAction.DENY),
            new PolicyMatch(null, null, null, null, null));
    assertThat(filter.pendingDiffers()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"reporter\": \"\"}", "{\"actions\": null}", "%7B%7D"})
  void nothingAskedIsEverything(String text) {
    assertThat(FilterReader.read(text)).isEqualTo(FlowFilter.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | filters: not JSON (line 1, column 2): Unexpected end-of-input: expected close marker"
            + " for Object",
        "{} {} | not JSON",
        "[] | not a JSON object",
        "null | not a JSON object",
        "%zz | not URL-encoded",
        "{\"colour\": 1} | \"colour\" is not one of actions, dest_names",
        "{\"actions\": \"Deny\"} | filters.actions: not a list",
        "{\"actions\": [\"deny\"]} | filters.actions[0]: \"deny\" is not Allow, Deny or Pass",
        "{\"pending_actions\": [\"Deny\", 1]} | filters.pending_actions[1]: \"1\"",
        "{\"reporter\": \"Both\"} | filters.reporter: \"Both\" is not Src or Dst",
        "{\"dest_ports\": [{\"value\": 65536}]} | 65536 is not a port",
        "{\"dest_ports\": [\"http\"]} | \"http\" is not a port",
        "{\"dest_ports\": [1.5]} | 1.5 is not a port",
        "{\"source_names\": [\"web\"]} | filters.source_names[0]: not a JSON object",
        "{\"source_names\": [{}]} | has no value",
        "{\"source_names\": [{\"value\": 7}]} | filters.source_names[0].value: 7 is not a text",
        "{\"source_names\": [{\"value\": \"a\", \"type\": \"Regex\"}]} | \"Regex\" is not Exact",
        "{\"source_names\": [{\"value\": \"a\", \"case\": 1}]} | \"case\" is not one of",
        "{\"policies\": [{\"order\": 1}]} | \"order\" is not one of action, kind, name",
        "{\"policies\": [{\"action\": \"Maybe\"}]} | filters.policies[0].action: \"Maybe\"",
        "{\"policies\": [7]} | filters.policies[0]: not a JSON object",
        "{\"pending_differs\": \"yes\"} | \"yes\" is not true or false",
      })
  void whatIsNotUnderstoodIsRefused(String text, String message) {
    assertThatThrownBy(() -> FilterReader.read(text))
        .isInstanceOfSatisfying(HttpFailure.class, e -> assertThat(e.status()).isEqualTo(400))
        .hasMessageContaining(message);
  }

  @Test
  void deepAndLongTextsAreRefused() {
    assertThatThrownBy(() -> FilterReader.read("[".repeat(8_000)))
        .isInstanceOf(HttpFailure.class)
        .hasMessageContaining("not JSON");
    assertThatThrownBy(() -> FilterReader.read(" ".repeat(8_193)))
        .hasMessageContaining("8193 characters, at most 8192");
  }
}

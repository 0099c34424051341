package io.margay.cedar.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.eval.StrictAuthorizer;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import org.junit.jupiter.api.Test;

/** The forbid of a naive sandbox policy, which would fail open. */
class StrictCheckTest {
  private static final StrictCheck CHECK =
      new StrictCheck(
          Schema.parse(
              new SourceText(
                  "sandbox.cedarschema",
                  """
                  entity Agent;
                  entity DestinationSet;
                  entity Endpoint in [DestinationSet] = { host: String };
                  action connectNetwork appliesTo { principal: [Agent], resource: [Endpoint] };
                  """)));

  @Test
  void aForbidWithATypeErrorIsRefused() {
    String naive =
        """
        forbid(principal, action == Action::"connectNetwork", resource)
        unless { resource.host in DestinationSet::"approved-llm-endpoints" };
        """;
    assertThatThrownBy(() ->
            StrictAuthorizer.of(
                CedarParser.policySet(new SourceText("sandbox.cedar", naive)), CHECK))
        .isInstanceOf(CedarParseException.class)
        .hasMessageStartingWith("sandbox.cedar:2:")
        .hasMessageContaining("resource.host");
  }

  @Test
  void theSameWithTheEndpointItselfPasses() {
    String right =
        """
        forbid(principal, action == Action::"connectNetwork", resource)
        unless { resource in DestinationSet::"approved-llm-endpoints" };
        """;
    assertThat(StrictAuthorizer.of(CedarParser.policySet(right), CHECK).policies().policies())
        .hasSize(1);
  }
}

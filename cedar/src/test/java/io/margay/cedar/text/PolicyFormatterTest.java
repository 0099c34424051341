package io.margay.cedar.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.random.RandomWorld;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyFormatterTest {

  private static String format(String text) {
    return PolicyFormatter.format(new SourceText("test.cedar", text));
  }

  @Test
  void formatsForPeopleAndKeepsComments() {
    String text =
        """
        // Who may read.
        @id("read")   @reviewed
        permit (
          principal in Group::"staff", // everybody
          action == Action::"read",resource
        ) when{principal.level>3&&
          // not what is secret
          !resource.secret} unless { context.from.isInRange(ip("192.0.2.0/24")) && context.a_rather_long_name == "and its value" }; // end
        // Nobody deletes.
        forbid(principal,action==Action::"delete",resource);
        // last words
        """;

    String formatted = format(text);

    assertThat(formatted)
        .isEqualTo(
            """
            // Who may read.
            @id("read")
            @reviewed
            // everybody
            permit(principal in Group::"staff", action == Action::"read", resource)
            when {
              principal.level > 3 &&
              // not what is secret
              !resource.secret
            }
            unless {
              context.from.isInRange(ip("192.0.2.0/24")) && context.a_rather_long_name == "and its value"
            }; // end

            // Nobody deletes.
            forbid(principal, action == Action::"delete", resource);

            // last words
            """);
    assertThat(format(formatted)).isEqualTo(formatted);
  }

  @Test
  void anEmptyTextStaysEmpty() {
    assertThat(format(" \n ")).isEmpty();
    assertThat(format("// only this")).isEqualTo("// only this\n");
  }

  @Test
  void formattedPoliciesReadBackAsTheSame() {
    for (long seed = 0; seed < 1_000; seed++) {
      for (Template template : templates(seed)) {
        String formatted = PolicyFormatter.format(template);
        SourceText source = new SourceText("", formatted);
        assertThat(CedarParser.template(template.id(), source)).isEqualTo(template);
        assertThat(PolicyFormatter.format(source)).isEqualTo(formatted + "\n");
      }
    }
  }

  /** With the paths of {@code has} in their longer form where names need quotes. */
  private static List<Template> templates(long seed) {
    var set = new RandomWorld(seed).policies(3);
    return Stream.concat(
            set.templates().values().stream(),
            set.policies().values().stream()
                .filter(policy -> !policy.isLink())
                .map(Policy::template))
        .map(template ->
            CedarParser.template(template.id(), new SourceText("", PolicyPrinter.print(template))))
        .toList();
  }
}

package io.margay.model.manifest;

import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentGroup;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.AgentPolicy.Enforcement;
import io.margay.model.resource.Budget;
import io.margay.model.resource.CaBundle;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.ModelProvider;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.ToolServer;
import io.margay.model.resource.ToolSet;
import io.margay.model.selector.Selector;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the resources of agents. The registry uses nothing of a resource that had a problem here,
 * apart from a halt, which then halts more.
 */
final class AgentDecoder {
  private static final Duration LONGEST_WINDOW = Duration.ofDays(366);

  private AgentDecoder() {}

  static Agent agent(ObjectMeta metadata, Field spec) {
    String owner = spec.at("owner").text().strip();
    if (owner.isEmpty()) {
      spec.at("owner").problem("missing", "write the person who answers for the agent");
    }
    Field workload = spec.at("workload");
    Field a2a = spec.at("a2a");
    return new Agent(
        metadata,
        new Agent.Spec(
            owner,
            spec.at("team").text(),
            spec.at("purpose").text(),
            choice(spec.at("riskLevel"), Agent.RiskLevel.class, Agent.RiskLevel.HIGH),
            texts(spec.at("capabilities")),
            spec.at("environment").text(),
            spec.at("version").text(),
            spec.at("spiffeId").text(),
            workload(workload),
            a2a.present() ? a2a(a2a) : null));
  }

  private static Agent.A2a a2a(Field a2a) {
    return new Agent.A2a(a2a.at("url").text(), a2a.at("card").text(), caBundle(a2a));
  }

  /** A server whose bundle cannot be read is not used: nobody else may vouch for it. */
  private static Optional<CaBundle> caBundle(Field server) {
    return server.at("caBundle").parsed(CaBundle::parse);
  }

  private static Agent.@Nullable Workload workload(Field workload) {
    LabelSelector pods = KubernetesPolicyDecoder.selector(workload.at("podSelector"));
    return pods == null ? null : new Agent.Workload(workload.at("namespace").text(), pods);
  }

  static ToolServer toolServer(ObjectMeta metadata, Field spec) {
    return new ToolServer(
        metadata,
        new ToolServer.Spec(
            spec.at("url").text(),
            caBundle(spec),
            spec.at("owner").text(),
            spec.at("team").text(),
            spec.at("environment").text(),
            texts(spec.at("dataClasses")),
            spec.at("tools").items(AgentDecoder::tool)));
  }

  private static Optional<ToolServer.Tool> tool(Field tool) {
    String name = tool.at("name").text();
    if (name.isEmpty()) {
      tool.at("name").problem("missing", "write the tool's name");
      return Optional.empty();
    }
    return Optional.of(
        new ToolServer.Tool(
            name,
            tool.at("definitionHash").text(),
            tool.at("dataClass").text(),
            tool.at("readOnly").flag(),
            tool.at("external").flag(),
            tool.at("inputSchema").present()
                ? Optional.of(InputSchemas.arguments(tool.at("inputSchema")))
                : Optional.empty()));
  }

  static ModelProvider modelProvider(ObjectMeta metadata, Field spec) {
    return new ModelProvider(
        metadata,
        new ModelProvider.Spec(
            spec.at("url").text(),
            caBundle(spec),
            choice(spec.at("api"), ModelProvider.Api.class, ModelProvider.Api.OPENAI),
            spec.at("owner").text(),
            spec.at("environment").text(),
            spec.at("models").items(AgentDecoder::model),
            spec.at("secretRef").at("name").text(),
            spec.at("secretRef").at("key").text()));
  }

  private static Optional<ModelProvider.Model> model(Field model) {
    return Optional.of(
        new ModelProvider.Model(
            model.at("name").text(),
            price(model.at("inputPrice")),
            price(model.at("outputPrice"))));
  }

  static Budget budget(ObjectMeta metadata, Field spec) {
    Field tokens = spec.at("tokens");
    Field cost = spec.at("cost");
    if (!tokens.present() && !cost.present()) {
      spec.problem("limits nothing", "write tokens, cost, or both");
    }
    return new Budget(
        metadata,
        new Budget.Spec(
            spec.at("per").required(AgentDecoder::per).orElse(Budget.Per.AGENT),
            spec.at("selector").parsed(Selector::parse).orElse(null),
            List.copyOf(texts(spec.at("models"))),
            tokens.parsed(AgentDecoder::count).orElse(null),
            cost.parsed(AgentDecoder::notNegative).orElse(null),
            Duration.ofSeconds(
                spec.at("windowSeconds").required(AgentDecoder::seconds).orElse(1L))));
  }

  private static Budget.Per per(String text) {
    return switch (text) {
      case "Agent" -> Budget.Per.AGENT;
      case "Team" -> Budget.Per.TEAM;
      case "User" -> Budget.Per.USER;
      default -> throw new IllegalArgumentException("not Agent, Team or User");
    };
  }

  private static long count(String text) {
    long number = Long.parseLong(text);
    if (number < 0) {
      throw new IllegalArgumentException("a number below zero");
    }
    return number;
  }

  private static long seconds(String text) {
    long number = Long.parseLong(text);
    if (number < 1 || number > LONGEST_WINDOW.toSeconds()) {
      throw new IllegalArgumentException("not between 1 second and 366 days");
    }
    return number;
  }

  private static BigDecimal price(Field price) {
    return price.parsed(AgentDecoder::notNegative).orElse(BigDecimal.ZERO);
  }

  private static BigDecimal notNegative(String text) {
    BigDecimal number = new BigDecimal(text);
    if (number.signum() < 0) {
      throw new IllegalArgumentException("an amount below zero");
    }
    return number;
  }

  static ToolSet toolSet(ObjectMeta metadata, Field spec) {
    return new ToolSet(
        metadata,
        new ToolSet.Spec(
            List.copyOf(texts(spec.at("tools"))),
            spec.at("selector").parsed(Selector::parse).orElse(null)));
  }

  static AgentGroup agentGroup(ObjectMeta metadata, Field spec) {
    return new AgentGroup(
        metadata,
        new AgentGroup.Spec(
            List.copyOf(texts(spec.at("members"))),
            spec.at("selector").parsed(Selector::parse).orElse(null)));
  }

  static AgentPolicy agentPolicy(ObjectMeta metadata, Field spec) {
    String tier = spec.at("tier").text();
    return new AgentPolicy(
        metadata,
        new AgentPolicy.Spec(
            tier.isEmpty() ? "default" : tier,
            spec.at("cedar").text(),
            choice(spec.at("enforcement"), Enforcement.class, Enforcement.ENFORCED),
            spec.at("replaces").text()));
  }

  /** What cannot be read of a halt makes it wider or longer, never narrower. */
  static AgentHalt agentHalt(ObjectMeta metadata, Field spec) {
    Field.Mark mark = spec.mark();
    Optional<Selector> selector = spec.at("selector").parsed(Selector::parse);
    String agent = spec.at("agent").text();
    boolean everybody = mark.failure() != null;
    return new AgentHalt(
        metadata,
        new AgentHalt.Spec(
            agent,
            everybody ? Selector.parse("all()") : selector.orElse(null),
            spec.at("reason").text(),
            spec.at("until").parsed(ResourceDecoder::time).orElse(null)));
  }

  static Set<String> texts(Field list) {
    return new TreeSet<>(list.items(item -> Optional.of(item.text())));
  }

  /** A word that stands for a constant: {@code Enforced}, {@code low}. */
  static <E extends Enum<E>> E choice(Field field, Class<E> type, E otherwise) {
    return field
        .parsed(text -> {
          for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
              return constant;
            }
          }
          throw new IllegalArgumentException("not one of the known words");
        })
        .orElse(otherwise);
  }
}

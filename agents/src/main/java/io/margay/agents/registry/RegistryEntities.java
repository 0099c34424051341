package io.margay.agents.registry;

import io.margay.cedar.entity.Entity;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import io.margay.model.resource.Agent;
import io.margay.model.resource.ModelProvider;
import io.margay.model.resource.ToolServer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes Cedar's entities out of resources. */
final class RegistryEntities {
  static final EntityType ACTION = new EntityType("Action");
  static final EntityType AGENT = new EntityType("Agent");
  static final EntityType GROUP = new EntityType("Group");
  static final EntityType TOOL_SERVER = new EntityType("ToolServer");
  static final EntityType TOOL = new EntityType("Tool");
  static final EntityType TOOL_SET = new EntityType("ToolSet");
  static final EntityType RESOURCE = new EntityType("Resource");
  static final EntityType PROMPT = new EntityType("Prompt");
  static final EntityType MODEL_PROVIDER = new EntityType("ModelProvider");
  static final EntityType MODEL = new EntityType("Model");

  private RegistryEntities() {}

  /** An action, in the groups of its protocols. */
  static Entity action(String id, Actions.Action action) {
    Set<EntityUid> groups =
        action.protocols().stream()
            .map(protocol -> new EntityUid(ACTION, AgentSchema.group(protocol)))
            .collect(Collectors.toSet());
    return entity(new EntityUid(ACTION, id), Map.of(), groups);
  }

  static Entity agent(Agent agent, String spiffeId, Set<EntityUid> groups) {
    Agent.Spec spec = agent.spec();
    Map<String, Value> attributes = new LinkedHashMap<>();
    attributes.put("name", new StringValue(agent.metadata().name()));
    attributes.put("owner", new StringValue(spec.owner()));
    attributes.put("team", new StringValue(spec.team()));
    attributes.put("purpose", new StringValue(spec.purpose()));
    attributes.put("risk_level", new StringValue(spec.riskLevel().name().toLowerCase(Locale.ROOT)));
    attributes.put("capabilities", texts(spec.capabilities()));
    attributes.put("environment", new StringValue(spec.environment()));
    attributes.put("version", new StringValue(spec.version()));
    attributes.put("spiffe_id", new StringValue(spiffeId));
    return entity(new EntityUid(AGENT, agent.metadata().name()), attributes, groups);
  }

  static Entity toolServer(ToolServer server) {
    ToolServer.Spec spec = server.spec();
    Map<String, Value> attributes = new LinkedHashMap<>();
    attributes.put("name", new StringValue(server.metadata().name()));
    attributes.put("owner", new StringValue(spec.owner()));
    attributes.put("team", new StringValue(spec.team()));
    attributes.put("environment", new StringValue(spec.environment()));
    attributes.put("data_classes", texts(spec.dataClasses()));
    return entity(new EntityUid(TOOL_SERVER, server.metadata().name()), attributes, Set.of());
  }

  static Entity tool(ToolServer server, ToolServer.Tool tool, Set<EntityUid> parents) {
    Map<String, Value> attributes = ofServer(server, tool.name(), dataClasses(server, tool));
    attributes.put("read_only", BoolValue.of(tool.readOnly()));
    attributes.put("external", BoolValue.of(tool.external()));
    return entity(toolUid(server.metadata().name(), tool.name()), attributes, parents);
  }

  static EntityUid toolUid(String server, String tool) {
    return new EntityUid(TOOL, server + "/" + tool);
  }

  /** A tool's own class, or all of its server's. */
  static Set<String> dataClasses(ToolServer server, ToolServer.Tool tool) {
    return tool.dataClass().isEmpty() ? server.spec().dataClasses() : Set.of(tool.dataClass());
  }

  /** A resource or a prompt of a tool server; the registry does not know them one by one. */
  static Entity content(EntityType type, ToolServer server, String name) {
    return entity(
        new EntityUid(type, server.metadata().name() + "/" + name),
        ofServer(server, name, server.spec().dataClasses()),
        Set.of(new EntityUid(TOOL_SERVER, server.metadata().name())));
  }

  private static Map<String, Value> ofServer(
      ToolServer server, String name, Set<String> dataClasses) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    attributes.put("name", new StringValue(name));
    attributes.put("server", new EntityUid(TOOL_SERVER, server.metadata().name()));
    attributes.put("data_classes", texts(dataClasses));
    return attributes;
  }

  static Entity modelProvider(ModelProvider provider) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    attributes.put("name", new StringValue(provider.metadata().name()));
    attributes.put("owner", new StringValue(provider.spec().owner()));
    attributes.put("api", new StringValue(provider.spec().api().name().toLowerCase(Locale.ROOT)));
    attributes.put("environment", new StringValue(provider.spec().environment()));
    return entity(new EntityUid(MODEL_PROVIDER, provider.metadata().name()), attributes, Set.of());
  }

  static Entity model(ModelProvider provider, ModelProvider.Model model) {
    EntityUid parent = new EntityUid(MODEL_PROVIDER, provider.metadata().name());
    Map<String, Value> attributes = new LinkedHashMap<>();
    attributes.put("name", new StringValue(model.name()));
    attributes.put("provider", parent);
    attributes.put("input_price", price(model.inputPrice()));
    attributes.put("output_price", price(model.outputPrice()));
    return entity(modelUid(provider.metadata().name(), model.name()), attributes, Set.of(parent));
  }

  static EntityUid modelUid(String provider, String model) {
    return new EntityUid(MODEL, provider + "/" + model);
  }

  /** Rounded up: a model never looks cheaper than it is. */
  private static DecimalValue price(BigDecimal price) {
    BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE, 4);
    return ArgumentReader.decimal(price.setScale(4, RoundingMode.CEILING).min(most));
  }

  static SetValue texts(Collection<String> texts) {
    return SetValue.of(texts.stream().map(StringValue::new).toList());
  }

  private static Entity entity(
      EntityUid uid, Map<String, Value> attributes, Set<EntityUid> parents) {
    return new Entity(uid, RecordValue.of(attributes), parents, RecordValue.EMPTY);
  }
}

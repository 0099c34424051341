package io.margay.agents.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import io.margay.agents.call.User;
import io.margay.cedar.Request;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import io.margay.model.resource.Agent;
import io.margay.model.resource.ToolArguments;
import io.margay.model.resource.ToolServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call as Cedar is asked about it.
 *
 * @param entities those of the registry, and the target where the registry does not know it
 * @param argumentsVisible false where a policy that looks at arguments would not see all of them
 * @param dataClasses of what the call can read
 */
public record CallRequest(
    Request request, Entities entities, boolean argumentsVisible, Set<String> dataClasses) {

  /**
   * Translates a call.
   *
   * @param environment of the gateway
   * @throws RefusedCallException when the call names what the registry does not know, or does not
   *     fit what is declared
   */
  public static CallRequest of(
      RegistrySnapshot registry, AgentCall call, SessionFacts session, String environment)
      throws RefusedCallException {
    return of(registry, call, session, environment, false);
  }

  private static CallRequest of(
      RegistrySnapshot registry,
      AgentCall call,
      SessionFacts session,
      String environment,
      boolean anyArguments)
      throws RefusedCallException {
    Agent caller = caller(registry, call.caller());
    TargetEntity target = TargetEntity.of(registry, call.target());
    Actions.Action action = Actions.ALL.get(call.action());
    String type = target.uid().type().name();
    if (action == null
        || !action.protocols().contains(call.protocol())
        || !action.resources().contains(type)) {
      throw new RefusedCallException(
          call.action() + " is nothing that " + call.protocol() + " does to a " + type);
    }
    Map<String, Value> context = context(registry, call, session, environment);
    boolean visible = true;
    if (call.action().equals(Actions.INVOKE_TOOL) && !anyArguments) {
      ToolArguments declared = target.tool().flatMap(ToolServer.Tool::arguments).orElse(null);
      visible = declared != null && !registry.contradicting().contains(target.uid().id());
      context.put("arguments", arguments(declared, visible, call));
    }
    return new CallRequest(
        new Request(
            new EntityUid(RegistryEntities.AGENT, caller.metadata().name()),
            EntityUid.of("Action", call.action()),
            target.uid(),
            RecordValue.of(context)),
        target.in(registry.entities()),
        visible,
        target.dataClasses());
  }

  /**
   * Translates a call with nothing known of its arguments, for questions about what may be called.
   *
   * @param target in the place of the call's own
   */
  public static CallRequest withoutArguments(
      RegistrySnapshot registry,
      AgentCall call,
      Target target,
      SessionFacts session,
      String environment)
      throws RefusedCallException {
    AgentCall asked =
        new AgentCall(
            call.protocol(),
            call.action(),
            call.caller(),
            target,
            JsonNodeFactory.instance.objectNode(),
            call.trace(),
            call.at());
    return of(registry, asked, session, environment, true);
  }

  /** The agent that calls, if every agent of the chain is a known one and the caller its last. */
  public static Agent caller(RegistrySnapshot registry, Caller caller) throws RefusedCallException {
    Agent agent = registry.bySpiffeId().get(caller.workload());
    if (agent == null) {
      throw new RefusedCallException("no usable Agent has the SPIFFE id " + caller.workload());
    }
    if (!caller.chain().isEmpty() && !caller.chain().getLast().equals(caller.workload())) {
      throw new RefusedCallException("the chain of agents does not end with the caller");
    }
    for (String workload : caller.chain()) {
      if (!registry.bySpiffeId().containsKey(workload)) {
        throw new RefusedCallException(
            "no usable Agent has the SPIFFE id " + workload + " in the chain of agents");
      }
    }
    return agent;
  }

  private static RecordValue arguments(
      @Nullable ToolArguments declared, boolean visible, AgentCall call)
      throws RefusedCallException {
    if (declared == null) {
      return RecordValue.EMPTY;
    }
    try {
      RecordValue read = ArgumentReader.read(declared, call.arguments());
      return visible ? read : RecordValue.EMPTY;
    } catch (ArgumentReader.RefusedArgument e) {
      throw new RefusedCallException(call.target() + ": " + e.getMessage());
    }
  }

  private static Map<String, Value> context(
      RegistrySnapshot registry, AgentCall call, SessionFacts session, String environment)
      throws RefusedCallException {
    Map<String, Value> context = new HashMap<>();
    Caller caller = call.caller();
    context.put("protocol", new StringValue(call.protocol().name()));
    Optional<User> user = caller.user();
    context.put("has_user", BoolValue.of(user.isPresent()));
    if (user.isPresent()) {
      context.put("user", user(user.get()));
    }
    context.put("delegation_depth", new LongValue(caller.depth()));
    context.put("chain", chain(registry, caller));
    context.put("scope", RegistryEntities.texts(caller.scope()));
    context.put("environment", new StringValue(environment));
    context.put("now", new DatetimeValue(call.at().toEpochMilli()));
    context.put("trace_id", text("trace id", call.trace().traceId()));
    context.put(
        "session",
        RecordValue.of(
            Map.of(
                "calls",
                new LongValue(session.calls()),
                "read_data_classes",
                RegistryEntities.texts(session.readDataClasses()))));
    context.put("arguments_json", text("arguments", call.arguments().toString()));
    return context;
  }

  private static RecordValue user(User user) throws RefusedCallException {
    List<Value> groups = new ArrayList<>();
    for (String group : user.groups()) {
      groups.add(text("group", group));
    }
    return RecordValue.of(
        Map.of(
            "issuer", text("issuer", user.issuer()),
            "subject", text("subject", user.subject()),
            "groups", SetValue.of(groups)));
  }

  private static SetValue chain(RegistrySnapshot registry, Caller caller) {
    List<EntityUid> agents = new ArrayList<>();
    for (String workload : caller.chain()) {
      Agent agent = registry.bySpiffeId().get(workload);
      if (agent != null) {
        agents.add(new EntityUid(RegistryEntities.AGENT, agent.metadata().name()));
      }
    }
    return SetValue.of(agents);
  }

  /** Cedar's texts are of whole characters; JSON can bring halves. */
  static StringValue text(String what, String text) throws RefusedCallException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 >= text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw new RefusedCallException("the " + what + " holds half a character");
        }
        i++;
      }
    }
    return new StringValue(text);
  }
}

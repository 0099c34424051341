package io.margay.console.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.approval.ApprovalLoad;
import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.agents.approval.Approver;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.console.policies.PolicyEditEndpoints;
import io.margay.model.resource.Approval;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls that wait for people, with their exact arguments, and what people say to them. */
final class ApprovalEndpoints {
  private static final int MOST_DECIDED = 100;
  private static final String ONE = "/api/v1/agents/approvals/{name}";

  private final ApprovalDesk desk;

  /** A call and how far it was at a moment: time alone can change that. */
  private record Held(Approval approval, Approval.State state) {}

  ApprovalEndpoints(ApprovalDesk desk) {
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/agents/approvals", this::list),
        Route.post(ONE + "/approve", exchange -> decide(exchange, true)),
        Route.post(ONE + "/refuse", exchange -> decide(exchange, false)));
  }

  private void list(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.APPROVAL);
    ObjectNode json = AgentAccess.object();
    json.put("may_approve", mayApprove(exchange, ""));
    ArrayNode pending = json.putArray("pending");
    ArrayNode decided = json.putArray("decided");
    // One look at the desk: a call that is decided meanwhile is told once, not twice or never.
    List<Held> held = new ArrayList<>();
    for (Approval approval : desk.list()) {
      held.add(new Held(approval, desk.stateOf(approval)));
    }
    held.sort(Comparator.comparing(one -> String.valueOf(one.approval().spec().asked())));
    held.stream()
        .filter(one -> one.state() == Approval.State.PENDING)
        .forEach(one -> pending.add(write(one)));
    held.reversed().stream()
        .filter(one -> one.state() != Approval.State.PENDING)
        .limit(MOST_DECIDED)
        .forEach(one -> decided.add(write(one)));
    json.set("load", write(desk.load()));
    AgentAccess.answer(exchange, json);
  }

  private static ObjectNode write(ApprovalLoad load) {
    ObjectNode json = AgentAccess.object().put("open", load.open());
    seconds(json, "oldest_seconds", load.oldest().orElse(null));
    seconds(json, "median_seconds", load.median().orElse(null));
    ObjectNode decisions = json.putObject("decisions_last_day");
    load.decisions().forEach(decisions::put);
    return json;
  }

  private static void seconds(ObjectNode json, String name, @Nullable Duration time) {
    if (time == null) {
      json.putNull(name);
    } else {
      json.put(name, time.toMillis() / 1000.0);
    }
  }

  private static ObjectNode write(Held held) {
    Approval approval = held.approval();
    Approval.Spec spec = approval.spec();
    ObjectNode json = AgentAccess.object().put("name", approval.metadata().name());
    json.put("state", held.state().name());
    json.put("agent", spec.agent()).put("workload", spec.workload()).put("user", spec.user());
    json.put("protocol", spec.protocol()).put("action", spec.action());
    json.put("target", spec.target()).put("arguments", spec.arguments());
    json.put("arguments_hash", spec.argumentsHash());
    json.put("trace", spec.traceId()).put("tier", spec.tier()).put("count", spec.count());
    json.put("asked", String.valueOf(spec.asked())).put("expires", String.valueOf(spec.expires()));
    spec.policies().forEach(json.putArray("policies")::add);
    spec.approvers().forEach(json.putArray("approvers")::add);
    ArrayNode votes = json.putArray("votes");
    for (Approval.Vote vote : approval.status().votes()) {
      votes
          .addObject()
          .put("approver", vote.approver())
          .put("approves", vote.approves())
          .put("reason", vote.reason())
          .put("at", String.valueOf(vote.at()));
    }
    return json;
  }

  private static boolean mayApprove(Exchange exchange, String name) {
    return exchange.caller().identity().isPresent()
        && exchange
            .caller()
            .permissions()
            .permits(Verb.APPROVE, new ResourceKey(Kind.APPROVAL, "", name), "");
  }

  private void decide(Exchange exchange, boolean approves) throws IOException {
    JsonNode body = PolicyEditEndpoints.body(exchange, Set.of("reason"));
    String name = exchange.path("name");
    AgentAccess.requireList(exchange, Kind.APPROVAL);
    AgentAccess.require(exchange, Verb.APPROVE, new ResourceKey(Kind.APPROVAL, "", name));
    Approval approval =
        desk.find(name).orElseThrow(() -> HttpFailure.notFound("there is no approval " + name));
    Identity identity =
        exchange
            .caller()
            .identity()
            .orElseThrow(() -> new HttpFailure(403, "a decision needs a name: sign in first"));
    try {
      Approval decided =
          desk.decide(
              name, approver(identity, approval), approves, body.path("reason").asText().strip());
      AgentAccess.answer(exchange, write(new Held(decided, desk.stateOf(decided))));
    } catch (ApprovalRefusedException e) {
      throw new HttpFailure(422, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whoever may use this machine could write the decision to the store in any group's name, so they
   * count as a member of all that are asked for; but not as the call's own user.
   */
  private static Approver approver(Identity identity, Approval approval) {
    Set<String> groups = new HashSet<>(identity.groups());
    if (identity.local()) {
      groups.addAll(approval.spec().approvers());
    }
    return new Approver("", identity.user(), groups);
  }
}

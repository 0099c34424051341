package io.margay.model.manifest;

import io.margay.model.resource.Approval;
import io.margay.model.resource.ObjectMeta;
import java.util.List;
import java.util.Optional;

/** Reads held calls. What cannot be read of one makes it a refused one. */
final class ApprovalDecoder {
  private ApprovalDecoder() {}

  static Approval approval(ObjectMeta metadata, Field root) {
    Field.Mark mark = root.mark();
    Field spec = root.at("spec");
    Integer count = spec.at("count").integer(1, 100);
    Approval.Spec read =
        new Approval.Spec(
            spec.at("agent").text(),
            spec.at("workload").text(),
            spec.at("user").text(),
            spec.at("protocol").text(),
            spec.at("action").text(),
            spec.at("target").text(),
            spec.at("arguments").text(),
            spec.at("argumentsHash").text(),
            spec.at("traceId").text(),
            spec.at("hopId").text(),
            spec.at("tier").text(),
            List.copyOf(AgentDecoder.texts(spec.at("policies"))),
            List.copyOf(AgentDecoder.texts(spec.at("approvers"))),
            count == null ? 1 : count,
            spec.at("asked").parsed(ResourceDecoder::time).orElse(null),
            spec.at("expires").required(ResourceDecoder::time).orElse(null),
            spec.at("webhook").text().equals("Hash"));
    Field status = root.at("status");
    Approval.State state =
        AgentDecoder.choice(status.at("state"), Approval.State.class, Approval.State.PENDING);
    List<Approval.Vote> votes = status.at("votes").items(ApprovalDecoder::vote);
    return new Approval(
        metadata,
        read,
        new Approval.Status(mark.failure() == null ? state : Approval.State.REFUSED, votes));
  }

  private static Optional<Approval.Vote> vote(Field vote) {
    return Optional.of(
        new Approval.Vote(
            vote.at("approver").text(),
            vote.at("approves").flag(),
            vote.at("reason").text(),
            vote.at("at").parsed(ResourceDecoder::time).orElse(null)));
  }
}

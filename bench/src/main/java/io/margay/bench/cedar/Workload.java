package io.margay.bench.cedar;

import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A company's documents: users in teams, documents in folders, and policies that each name a team,
 * a user or a folder, as policies of real systems do.
 */
final class Workload {
  private static final int REQUESTS = 64;

  private final String policyText;
  private final List<Entity> entities;
  private final List<Request> requests;

  Workload(int policies, int entityCount) {
    policyText =
        IntStream.range(0, policies).mapToObj(Workload::policy).collect(Collectors.joining("\n"));
    entities = entities(entityCount);
    requests = IntStream.range(0, REQUESTS).mapToObj(i -> request(i, entityCount)).toList();
  }

  private static String policy(int number) {
    int team = number / 4;
    return switch (number % 4) {
      case 0 ->
          """
          permit(principal in Team::"t%1$d", action == Action::"read", resource in Folder::"f%1$d")
            when { principal.clearance >= resource.level && context.mfa };
          """
              .formatted(team);
      case 1 ->
          """
          permit(principal == User::"u%1$d", action in [Action::"read", Action::"write"], resource is Doc)
            when { resource.owner == principal };
          """
              .formatted(team);
      case 2 ->
          """
          forbid(principal in Team::"t%1$d", action == Action::"read", resource)
            when { resource.level > 8 } unless { context.mfa };
          """
              .formatted(team);
      default ->
          """
          permit(principal is User, action == Action::"read", resource in Folder::"f%1$d")
            when { context.from.isInRange(ip("10.0.0.0/8")) && principal has clearance };
          """
              .formatted(team);
    };
  }

  /** A third each of users, documents, and teams with folders. */
  private static List<Entity> entities(int count) {
    List<Entity> all = new ArrayList<>();
    for (int i = 0; all.size() < count; i++) {
      all.add(
          Entity.of(
              user(i),
              RecordValue.of(Map.of("clearance", new LongValue(i % 10))),
              uid("Team", "t" + i)));
      all.add(
          Entity.of(
              doc(i),
              RecordValue.of(Map.of("level", new LongValue(i % 7), "owner", user(i))),
              uid("Folder", "f" + i)));
      all.add(
          i % 2 == 0
              ? Entity.of(uid("Team", "t" + i), RecordValue.EMPTY, uid("Team", "everybody"))
              : Entity.of(uid("Folder", "f" + i), RecordValue.EMPTY, uid("Folder", "root")));
    }
    return all.subList(0, count);
  }

  private static Request request(int number, int entityCount) {
    // Of the entities that there are: each i has a user, a document and one more.
    int i = number % Math.max(1, entityCount / 3);
    return new Request(
        user(i),
        uid("Action", number % 4 == 3 ? "write" : "read"),
        doc(number % 2 == 0 ? i : 0),
        RecordValue.of(
            Map.of(
                "mfa",
                BoolValue.of(number % 3 != 0),
                "from",
                IpValue.parse(number % 5 == 0 ? "192.0.2.1" : "10.1.2.3").orElseThrow())));
  }

  private static EntityUid user(int number) {
    return uid("User", "u" + number);
  }

  private static EntityUid doc(int number) {
    return uid("Doc", "d" + number);
  }

  private static EntityUid uid(String type, String id) {
    return EntityUid.of(type, id);
  }

  String policyText() {
    return policyText;
  }

  PolicySet policies() {
    return CedarParser.policySet(new SourceText("workload.cedar", policyText));
  }

  Entities entities() {
    return Entities.of(entities);
  }

  List<Request> requests() {
    return requests;
  }
}

package io.margay.bench.cedar;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.IpAddress;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.Value;
import io.margay.cedar.Request;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * cedar-java as its users call it, with its cache of policy sets on; entities it has no cache for.
 */
final class OfficialBinding {
  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
  private final PolicySet policies;
  private final Set<Entity> entities = new HashSet<>();
  private final List<AuthorizationRequest> requests;

  OfficialBinding(Workload workload) throws AuthException, CacheException {
    policies = PolicySet.parsePolicies(workload.policyText());
    policies.cache();
    Entities all = workload.entities();
    all.forEach(stored -> entities.add(entity(stored.entity())));
    requests = workload.requests().stream().map(OfficialBinding::request).toList();
  }

  /** Decides one of the workload's requests. */
  boolean decide(int request) throws AuthException {
    AuthorizationResponse response = engine.isAuthorized(requests.get(request), policies, entities);
    return response.success.orElseThrow().isAllowed();
  }

  private static AuthorizationRequest request(Request request) {
    return new AuthorizationRequest(
        uid(request.principal()),
        uid(request.action()),
        uid(request.resource()),
        attributes(request.context()));
  }

  private static Entity entity(io.margay.cedar.entity.Entity entity) {
    return new Entity(
        uid(entity.uid()),
        attributes(entity.attributes()),
        entity.parents().stream().map(OfficialBinding::uid).collect(Collectors.toSet()));
  }

  private static EntityUID uid(EntityUid uid) {
    return EntityUID.parse(uid.toString()).orElseThrow();
  }

  private static Map<String, Value> attributes(RecordValue record) {
    Map<String, Value> values = new HashMap<>();
    record.attributes().forEach((name, value) -> values.put(name, value(value)));
    return values;
  }

  /** The kinds of values that the workload has. */
  private static Value value(io.margay.cedar.value.Value value) {
    return switch (value) {
      case BoolValue(boolean bool) -> new PrimBool(bool);
      case LongValue(long number) -> new PrimLong(number);
      case EntityUid uid -> uid(uid);
      case IpValue ip -> new IpAddress(ip.argument());
      case StringValue _,
          SetValue _,
          RecordValue _,
          DecimalValue _,
          DatetimeValue _,
          DurationValue _ ->
          throw new IllegalArgumentException("the workload has no " + value.typeName());
    };
  }
}

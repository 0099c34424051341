package io.margay.cedar.partial;

import io.margay.cedar.Request;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;

/**
 * A request of which not everything is known.
 *
 * @param context the attributes of the context that are known
 * @param contextComplete whether the context has no others; otherwise others may have any value, or
 *     not exist
 */
public record PartialRequest(
    EntityPart principal,
    EntityPart action,
    EntityPart resource,
    RecordValue context,
    boolean contextComplete) {

  /** Everything but the resource: asks what a principal may do it to. */
  public static PartialRequest withoutResource(
      EntityUid principal, EntityUid action, RecordValue context) {
    return new PartialRequest(
        EntityPart.known(principal),
        EntityPart.known(action),
        EntityPart.Unknown.UNKNOWN,
        context,
        true);
  }

  /** Whether a request is this one with its gaps filled. */
  public boolean fits(Request request) {
    return fits(principal, request.principal())
        && fits(action, request.action())
        && fits(resource, request.resource())
        && (contextComplete
            ? context.equals(request.context())
            : request
                .context()
                .attributes()
                .entrySet()
                .containsAll(context.attributes().entrySet()));
  }

  private static boolean fits(EntityPart part, EntityUid uid) {
    return switch (part) {
      case EntityPart.Known known -> known.uid().equals(uid);
      case EntityPart.OfType ofType -> ofType.type().equals(uid.type());
      case EntityPart.Unknown _ -> true;
    };
  }
}

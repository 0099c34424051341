package io.margay.store.apiserver.http;

import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The protobuf messages that {@link ProtobufBody} reads, by the numbers of their fields. */
enum ProtobufMessage {
  UNKNOWN,
  TYPE_META,
  MAP_ENTRY,
  INT_OR_STRING,
  OBJECT_META,
  LOCAL_REFERENCE,
  NAMESPACE_SPEC,
  SERVICE_PORT,
  SERVICE_SPEC,
  PRECONDITIONS,
  RESOURCE_ATTRIBUTES,
  NON_RESOURCE_ATTRIBUTES,
  ACCESS_SPEC,
  RULES_SPEC,
  NAMESPACE("Namespace"),
  SERVICE_ACCOUNT("ServiceAccount"),
  SERVICE("Service"),
  DELETE_OPTIONS("DeleteOptions"),
  ACCESS_REVIEW("SelfSubjectAccessReview"),
  RULES_REVIEW("SelfSubjectRulesReview"),
  SUBJECT_REVIEW("SelfSubjectReview");

  private final String kind;

  ProtobufMessage() {
    this("");
  }

  ProtobufMessage(String kind) {
    this.kind = kind;
  }

  /** What a field holds, and its name in JSON. */
  sealed interface Field {
    record Text(String name) implements Field {}

    /** Bytes, kept one to one as the characters 0 to 255. */
    record Raw(String name) implements Field {}

    record Texts(String name) implements Field {}

    record TextMap(String name) implements Field {}

    record Whole(String name) implements Field {}

    record Flag(String name) implements Field {}

    record IntOrText(String name) implements Field {}

    record Nested(String name, ProtobufMessage message) implements Field {}

    record NestedList(String name, ProtobufMessage message) implements Field {}

    /** What only servers set. */
    record Dropped() implements Field {}
  }

  static Optional<ProtobufMessage> ofKind(String kind) {
    return Arrays.stream(values())
        .filter(message -> !message.kind.isEmpty() && message.kind.equals(kind))
        .findFirst();
  }

  /** The field with this number; refused if it is none that is read here. */
  Field field(int number) {
    Field field = FIELDS.getOrDefault(this, Map.of()).get(number);
    if (field == null) {
      throw new ApiException(
          Reason.UNSUPPORTED_MEDIA_TYPE,
          "field " + number + " of " + this + " is not read as protobuf; send application/json");
    }
    return field;
  }

  private static final Map<ProtobufMessage, Map<Integer, Field>> FIELDS =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(m -> m, ProtobufMessage::fields));

  private Map<Integer, Field> fields() {
    return switch (this) {
      case UNKNOWN ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("typeMeta", TYPE_META)),
              Map.entry(2, new Field.Raw("raw")),
              Map.entry(3, new Field.Text("contentEncoding")),
              Map.entry(4, new Field.Text("contentType")));
      case TYPE_META ->
          Map.ofEntries(
              Map.entry(1, new Field.Text("apiVersion")), Map.entry(2, new Field.Text("kind")));
      case MAP_ENTRY ->
          Map.ofEntries(Map.entry(1, new Field.Text("key")), Map.entry(2, new Field.Text("value")));
      case INT_OR_STRING ->
          Map.ofEntries(
              Map.entry(1, new Field.Whole("type")),
              Map.entry(2, new Field.Whole("intVal")),
              Map.entry(3, new Field.Text("strVal")));
      case OBJECT_META ->
          Map.ofEntries(
              Map.entry(1, new Field.Text("name")),
              Map.entry(2, new Field.Text("generateName")),
              Map.entry(3, new Field.Text("namespace")),
              Map.entry(4, new Field.Dropped()),
              Map.entry(5, new Field.Text("uid")),
              Map.entry(6, new Field.Text("resourceVersion")),
              Map.entry(7, new Field.Dropped()),
              Map.entry(8, new Field.Dropped()),
              Map.entry(11, new Field.TextMap("labels")),
              Map.entry(12, new Field.TextMap("annotations")),
              Map.entry(14, new Field.Texts("finalizers")));
      case LOCAL_REFERENCE -> Map.ofEntries(Map.entry(1, new Field.Text("name")));
      case NAMESPACE_SPEC -> Map.ofEntries(Map.entry(1, new Field.Texts("finalizers")));
      case NAMESPACE ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("metadata", OBJECT_META)),
              Map.entry(2, new Field.Nested("spec", NAMESPACE_SPEC)),
              Map.entry(3, new Field.Dropped()));
      case SERVICE_ACCOUNT ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("metadata", OBJECT_META)),
              Map.entry(3, new Field.NestedList("imagePullSecrets", LOCAL_REFERENCE)),
              Map.entry(4, new Field.Flag("automountServiceAccountToken")));
      case SERVICE ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("metadata", OBJECT_META)),
              Map.entry(2, new Field.Nested("spec", SERVICE_SPEC)),
              Map.entry(3, new Field.Dropped()));
      case SERVICE_SPEC ->
          Map.ofEntries(
              Map.entry(1, new Field.NestedList("ports", SERVICE_PORT)),
              Map.entry(2, new Field.TextMap("selector")),
              Map.entry(3, new Field.Text("clusterIP")),
              Map.entry(4, new Field.Text("type")),
              Map.entry(5, new Field.Texts("externalIPs")),
              Map.entry(7, new Field.Text("sessionAffinity")),
              Map.entry(8, new Field.Text("loadBalancerIP")),
              Map.entry(9, new Field.Texts("loadBalancerSourceRanges")),
              Map.entry(10, new Field.Text("externalName")),
              Map.entry(11, new Field.Text("externalTrafficPolicy")),
              Map.entry(12, new Field.Whole("healthCheckNodePort")),
              Map.entry(13, new Field.Flag("publishNotReadyAddresses")),
              Map.entry(17, new Field.Text("ipFamilyPolicy")),
              Map.entry(18, new Field.Texts("clusterIPs")),
              Map.entry(19, new Field.Texts("ipFamilies")),
              Map.entry(22, new Field.Text("internalTrafficPolicy")));
      case SERVICE_PORT ->
          Map.ofEntries(
              Map.entry(1, new Field.Text("name")),
              Map.entry(2, new Field.Text("protocol")),
              Map.entry(3, new Field.Whole("port")),
              Map.entry(4, new Field.IntOrText("targetPort")),
              Map.entry(5, new Field.Whole("nodePort")),
              Map.entry(6, new Field.Text("appProtocol")));
      case DELETE_OPTIONS ->
          Map.ofEntries(
              Map.entry(1, new Field.Whole("gracePeriodSeconds")),
              Map.entry(2, new Field.Nested("preconditions", PRECONDITIONS)),
              Map.entry(3, new Field.Flag("orphanDependents")),
              Map.entry(4, new Field.Text("propagationPolicy")),
              Map.entry(5, new Field.Texts("dryRun")));
      case PRECONDITIONS ->
          Map.ofEntries(
              Map.entry(1, new Field.Text("uid")), Map.entry(2, new Field.Text("resourceVersion")));
      case ACCESS_REVIEW ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("metadata", OBJECT_META)),
              Map.entry(2, new Field.Nested("spec", ACCESS_SPEC)),
              Map.entry(3, new Field.Dropped()));
      case ACCESS_SPEC ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("resourceAttributes", RESOURCE_ATTRIBUTES)),
              Map.entry(2, new Field.Nested("nonResourceAttributes", NON_RESOURCE_ATTRIBUTES)));
      case RESOURCE_ATTRIBUTES ->
          Map.ofEntries(
              Map.entry(1, new Field.Text("namespace")),
              Map.entry(2, new Field.Text("verb")),
              Map.entry(3, new Field.Text("group")),
              Map.entry(4, new Field.Text("version")),
              Map.entry(5, new Field.Text("resource")),
              Map.entry(6, new Field.Text("subresource")),
              Map.entry(7, new Field.Text("name")));
      case NON_RESOURCE_ATTRIBUTES ->
          Map.ofEntries(Map.entry(1, new Field.Text("path")), Map.entry(2, new Field.Text("verb")));
      case RULES_REVIEW ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("metadata", OBJECT_META)),
              Map.entry(2, new Field.Nested("spec", RULES_SPEC)),
              Map.entry(3, new Field.Dropped()));
      case RULES_SPEC -> Map.ofEntries(Map.entry(1, new Field.Text("namespace")));
      case SUBJECT_REVIEW ->
          Map.ofEntries(
              Map.entry(1, new Field.Nested("metadata", OBJECT_META)),
              Map.entry(2, new Field.Dropped()));
    };
  }
}

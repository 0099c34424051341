package io.margay.policy.convert;

/** The labels that endpoints carry besides their own, as Calico names them. */
public final class CalicoLabels {
  public static final String NAMESPACE = "projectcalico.org/namespace";
  public static final String ORCHESTRATOR = "projectcalico.org/orchestrator";
  public static final String SERVICE_ACCOUNT = "projectcalico.org/serviceaccount";

  /** The value of {@link #ORCHESTRATOR} on every pod. */
  public static final String KUBERNETES = "k8s";

  /** Before the keys of labels that a pod inherits from its namespace. */
  public static final String NAMESPACE_PREFIX = "pcns.";

  /** Before the keys of labels that a pod inherits from its service account. */
  public static final String SERVICE_ACCOUNT_PREFIX = "pcsa.";

  /** The label, under either prefix, that holds the name of the namespace or service account. */
  public static final String NAME = "projectcalico.org/name";

  private CalicoLabels() {}

  /** The profile that stands for a namespace. */
  public static String namespaceProfile(String namespace) {
    return "kns." + namespace;
  }

  /** The profile that stands for a service account. */
  public static String serviceAccountProfile(String namespace, String name) {
    return "ksa." + namespace + "." + name;
  }
}

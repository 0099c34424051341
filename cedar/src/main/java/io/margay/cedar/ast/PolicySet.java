package io.margay.cedar.ast;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Policies and templates by id. Immutable; a change gives a new set. An id names one static policy,
 * one template or one link.
 */
public final class PolicySet {
  public static final PolicySet EMPTY = new PolicySet(new LinkedHashMap<>(), new LinkedHashMap<>());

  private final Map<String, Template> templates;
  private final Map<String, Policy> policies;

  private PolicySet(Map<String, Template> templates, Map<String, Policy> policies) {
    this.templates = Collections.unmodifiableMap(templates);
    this.policies = Collections.unmodifiableMap(policies);
  }

  /**
   * Static policies and templates, without links.
   *
   * @throws PolicySetException when an id is there twice
   */
  public static PolicySet of(Collection<Template> written) {
    Builder builder = new Builder(EMPTY);
    written.forEach(builder::add);
    return builder.build();
  }

  /** Templates with slots, by id. */
  public Map<String, Template> templates() {
    return templates;
  }

  /** What takes part in decisions, static policies and links, by id. */
  public Map<String, Policy> policies() {
    return policies;
  }

  public @Nullable Policy policy(String id) {
    return policies.get(id);
  }

  /**
   * This set with one more static policy or template.
   *
   * @throws PolicySetException when the id is in use
   */
  public PolicySet with(Template template) {
    return new Builder(this).add(template).last();
  }

  /**
   * This set with one more link of a template of the set.
   *
   * @throws PolicySetException when the id is in use, the template is not in the set, or it is not
   *     the one of that id in the set
   */
  public PolicySet with(Policy link) {
    return new Builder(this).add(link).last();
  }

  /**
   * This set without a static policy or a link.
   *
   * @throws PolicySetException when there is none of this id
   */
  public PolicySet withoutPolicy(String id) {
    return new Builder(this).removePolicy(id).last();
  }

  /**
   * This set without a template.
   *
   * @throws PolicySetException when there is none of this id, or it is linked
   */
  public PolicySet withoutTemplate(String id) {
    return new Builder(this).removeTemplate(id).last();
  }

  /** Several changes at once, without a copy for each. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PolicySet set
        && templates.equals(set.templates)
        && policies.equals(set.policies);
  }

  @Override
  public int hashCode() {
    return 31 * templates.hashCode() + policies.hashCode();
  }

  @Override
  public String toString() {
    return policies.size() + " policies, " + templates.size() + " templates";
  }

  /** Collects changes. Not for use by several threads. */
  public static final class Builder {
    private final LinkedHashMap<String, Template> templates;
    private final LinkedHashMap<String, Policy> policies;

    private Builder(PolicySet start) {
      templates = new LinkedHashMap<>(start.templates);
      policies = new LinkedHashMap<>(start.policies);
    }

    /** See {@link PolicySet#with(Template)}. */
    public Builder add(Template template) {
      checkUnused(template.id());
      if (template.isStatic()) {
        policies.put(template.id(), Policy.of(template));
      } else {
        templates.put(template.id(), template);
      }
      return this;
    }

    /** See {@link PolicySet#with(Policy)}. */
    public Builder add(Policy policy) {
      if (!policy.isLink()) {
        return add(policy.template());
      }
      checkUnused(policy.id());
      if (!policy.template().equals(templates.get(policy.template().id()))) {
        throw PolicySetException.unknown("template", policy.template().id());
      }
      policies.put(policy.id(), policy);
      return this;
    }

    /** See {@link PolicySet#withoutPolicy}. */
    public Builder removePolicy(String id) {
      if (policies.remove(id) == null) {
        throw PolicySetException.unknown("policy", id);
      }
      return this;
    }

    /** See {@link PolicySet#withoutTemplate}. */
    public Builder removeTemplate(String id) {
      for (Policy policy : policies.values()) {
        if (policy.isLink() && policy.template().id().equals(id)) {
          throw new PolicySetException(
              "template \"" + id + "\": linked by \"" + policy.id() + "\"; remove its links first");
        }
      }
      if (templates.remove(id) == null) {
        throw PolicySetException.unknown("template", id);
      }
      return this;
    }

    public PolicySet build() {
      return new PolicySet(new LinkedHashMap<>(templates), new LinkedHashMap<>(policies));
    }

    /** As {@link #build}, without a copy: the builder is not used again. */
    private PolicySet last() {
      return new PolicySet(templates, policies);
    }

    private void checkUnused(String id) {
      if (templates.containsKey(id) || policies.containsKey(id)) {
        throw PolicySetException.duplicateId(id);
      }
    }
  }
}

package io.margay.store.apiserver.select;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;

/** Everything by which a list or watch picks objects of one kind. */
public final class Selection {
  private final String namespace;
  private final LabelSelection labels;
  private final FieldSelection fields;

  private Selection(String namespace, LabelSelection labels, FieldSelection fields) {
    this.namespace = namespace;
    this.labels = labels;
    this.fields = fields;
  }

  /**
   * @param namespace empty for all
   * @throws io.margay.store.apiserver.ApiException BAD_REQUEST if a selector cannot be read
   */
  public static Selection parse(Kind kind, String namespace, String labels, String fields) {
    return new Selection(
        namespace, LabelSelection.parse(labels), FieldSelection.parse(kind, fields));
  }

  public boolean matches(KubeObject object) {
    return (namespace.isEmpty() || object.namespace().equals(namespace))
        && fields.matches(object)
        && labels.matches(object.json().path("metadata").path("labels"));
  }

  /** Whether labels or fields select, so that nobody can tell from afar how many objects remain. */
  public boolean isFiltered() {
    return !labels.isEverything() || !fields.isEverything();
  }
}

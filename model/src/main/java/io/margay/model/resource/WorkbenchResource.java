package io.margay.model.resource;

/** A resource that is about policies and is none itself: no verdict depends on one. */
public sealed interface WorkbenchResource extends Resource
    permits PolicyAssertion, PolicyRecommendationScope {}

package dev.modelbake.bake;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/** Done is done, whether or not somebody reads the result. */
@Target(ElementType.METHOD)
@interface CanIgnoreReturnValue {}

package dev.modelbake.bake;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/**
 * Who throws the result away has called for nothing; Error Prone knows annotations of this name.
 */
@Target(ElementType.TYPE)
@interface CheckReturnValue {}

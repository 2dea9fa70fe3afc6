package dev.modelbake.model;

/**
 * A failure in three parts.
 *
 * @param doing what was being done, such as {@code fetching rembg/u2netp}
 * @param happened what happened, with expected and actual values
 * @param remedy what the reader can do
 */
public record Explanation(String doing, String happened, String remedy) {
  @Override
  public String toString() {
    return doing + " – " + happened + " – " + remedy;
  }
}

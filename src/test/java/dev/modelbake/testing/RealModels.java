package dev.modelbake.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Six real model files which are kept beside the project, never in it. */
public enum RealModels {
  MMOD(
      "mmod_human_face_detector.dat.bz2",
      "db9e9e40f092c118d5eb3e643935b216838170793559515541c56a2b50d9fc84",
      694687),
  GENDER(
      "dnn_gender_classifier_v1.dat.bz2",
      "2f59f7a3c36a4d9487920b5b4ad4fa445269efd47f3f17b40a4c521c868aae30",
      516312),
  ENG(
      "eng.traineddata",
      "7d4322bd2a7749724879683fc3912cb542f19906c83bcc1a52132556427170b2",
      4113088),
  SILERO(
      "silero_vad.onnx",
      "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
      2327524),
  STOPWORDS(
      "stopwords.zip", "15c94179887425ca1bedc265608cab9f27d650211f709bb929e320990a4b01d1", 34276),
  TAGGER(
      "averaged_perceptron_tagger.zip",
      "e1f13cf2532daadfd6f3bc481a49859f0b8ea6432ccdcd83e6a49a5f19008de9",
      2526731);

  public final String fileName;
  public final String sha256;
  public final long size;

  RealModels(String fileName, String sha256, long size) {
    this.fileName = fileName;
    this.sha256 = sha256;
    this.size = size;
  }

  /** The folder; the test is skipped where it is absent, and fails in CI. */
  public static Path folder() {
    Path folder = Path.of(System.getProperty("modelbake.test.models", "../shared/models"));
    boolean there = Files.isDirectory(folder);
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertTrue(there, "the real models are not at " + folder);
    }
    assumeTrue(there, "the real models are not at " + folder);
    return folder.toAbsolutePath().normalize();
  }

  /** This file. */
  public Path path() {
    return folder().resolve(fileName);
  }
}

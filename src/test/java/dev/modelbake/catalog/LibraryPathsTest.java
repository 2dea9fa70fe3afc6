package dev.modelbake.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Target;
import dev.modelbake.plan.Accounts;
import dev.modelbake.plan.PlanOptions;
import dev.modelbake.plan.Planner;
import dev.modelbake.plan.PythonPackages;
import dev.modelbake.plan.Surroundings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where libraries look, each rule with the source it was read in (repository, commit, file): the
 * first file of a shipped model, for a user at home in /home/app and the given variables.
 */
class LibraryPathsTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // danielgatis/rembg@684f8e9f6c91 rembg/sessions: U2NET_HOME, else XDG_DATA_HOME/.u2net
        "rembg/u2netp | - | /home/app/.u2net/u2netp.onnx",
        "rembg/u2netp | XDG_DATA_HOME=/x | /x/.u2net/u2netp.onnx",
        "rembg/u2netp | U2NET_HOME=/u XDG_DATA_HOME=/x | /u/u2netp.onnx",
        "rembg/birefnet-general | U2NET_HOME=/u | /u/birefnet-general.onnx",
        // pytorch/pytorch@0006fe8e9ca7 torch/hub.py: TORCH_HOME, else XDG_CACHE_HOME/torch
        "torchvision/resnet18-f37072fd | - | /home/app/.cache/torch/hub/checkpoints/resnet18-f37072fd.pth",
        "torchvision/resnet18-f37072fd | XDG_CACHE_HOME=/c | /c/torch/hub/checkpoints/resnet18-f37072fd.pth",
        "torchvision/resnet18-f37072fd | TORCH_HOME=/t | /t/hub/checkpoints/resnet18-f37072fd.pth",
        // openai/whisper@c0d2f624c09d whisper/__init__.py: XDG_CACHE_HOME/whisper
        "whisper/tiny | - | /home/app/.cache/whisper/tiny.pt",
        "whisper/tiny | XDG_CACHE_HOME=/c | /c/whisper/tiny.pt",
        // openai/CLIP@d05afc436d78 clip/clip.py: ~/.cache/clip, no variable
        "clip/RN50 | XDG_CACHE_HOME=/c | /home/app/.cache/clip/RN50.pt",
        // JaidedAI/EasyOCR@c4f3cd7225ef easyocr/config.py: EASYOCR_MODULE_PATH, else MODULE_PATH
        "easyocr/latin_g2 | - | /home/app/.EasyOCR/model",
        "easyocr/latin_g2 | MODULE_PATH=/m | /m/model",
        "easyocr/latin_g2 | EASYOCR_MODULE_PATH=/e MODULE_PATH=/m | /e/model",
        // docling-project/docling@e1cb2b234c48 docling/utils/model_downloader.py
        "docling/docling-layout-heron | DOCLING_ARTIFACTS_PATH=/d | /d/docling-project--docling-layout-heron/model.safetensors",
        // openai/tiktoken@4e71bbe0c078 tiktoken/load.py: sha1 of the URL
        "tiktoken/cl100k_base | TIKTOKEN_CACHE_DIR=/t | /t/9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "tiktoken/cl100k_base | DATA_GYM_CACHE_DIR=/g | /g/9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        // RapidAI/RapidOCR@9ceb3420f551 python/rapidocr/default_models.yaml: inside the package
        "rapidocr/onnx/ch_PP-OCRv4_det_mobile | - | /venv/rapidocr/models/ch_PP-OCRv4_det_mobile.onnx",
        // xinntao/facexlib@260620ae9399 facexlib/utils/misc.py: inside the package
        "facexlib/parsing_parsenet | - | /venv/facexlib/weights/parsing_parsenet.pth",
        // deepinsight/insightface@7fadd420c235 python-package/insightface/utils/storage.py
        "insightface/buffalo_l | - | /home/app/.insightface/models/buffalo_l",
        // serengil/deepface@243209fd7b46 deepface/commons/weight_utils.py
        "deepface/facenet_weights | - | /home/app/.deepface/weights/facenet_weights.h5",
        "deepface/facenet_weights | DEEPFACE_HOME=/d | /d/.deepface/weights/facenet_weights.h5",
        // keras-team/keras@3422977a5e38 keras/src/applications/resnet.py
        "keras/resnet50_weights_tf_dim_ordering_tf_kernels | KERAS_HOME=/k | /k/models/resnet50_weights_tf_dim_ordering_tf_kernels.h5",
        // nltk/nltk_data@5db857e6f7df index.xml
        "nltk/stopwords | NLTK_DATA=/n | /n/corpora/stopwords",
        "nltk/wordnet | NLTK_DATA=/n | /n/corpora/wordnet.zip",
        // facebookresearch/detectron2@1b5596285bc1 detectron2/utils/file_io.py
        "detectron2/mask_rcnn_R_50_FPN_3x | FVCORE_CACHE=/f | /f/detectron2/COCO-InstanceSegmentation/mask_rcnn_R_50_FPN_3x/137849600/model_final_f10217.pkl",
        // PaddlePaddle/PaddleX@3d948806983f paddlex/utils/cache.py
        "paddlex/PP-OCRv5_mobile_det | - | /home/app/.paddlex/official_models/PP-OCRv5_mobile_det",
        // huggingface/huggingface_hub@ee0a4510f4bc src/huggingface_hub/constants.py,
        // file_download.py
        "sentence-transformers/all-MiniLM-L6-v2 | - | /home/app/.cache/huggingface/hub/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/1110a243fdf4706b3f48f1d95db1a4f5529b4d41/model.safetensors",
        "sentence-transformers/all-MiniLM-L6-v2 | HF_HOME=/h | /h/hub/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/1110a243fdf4706b3f48f1d95db1a4f5529b4d41/model.safetensors",
        "sentence-transformers/all-MiniLM-L6-v2 | HF_HUB_CACHE=/c HF_HOME=/h | /c/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/1110a243fdf4706b3f48f1d95db1a4f5529b4d41/model.safetensors",
        "sentence-transformers/all-MiniLM-L6-v2 | HUGGINGFACE_HUB_CACHE=/g HF_HOME=/h | /g/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/1110a243fdf4706b3f48f1d95db1a4f5529b4d41/model.safetensors",
      })
  void filesGoWhereTheLibraryLooks(String model, String variables, String path) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : variables == null ? new String[0] : variables.split(" ", -1)) {
      environment.put(variable.replaceAll("=.*", ""), variable.replaceAll(".*=", ""));
    }
    PlanOptions options =
        new PlanOptions(
            Path.of("/"),
            Optional.of("1000:1000"),
            Optional.of("/home/app"),
            Map.of(),
            Map.of(),
            PlanOptions.Selection.ALL,
            PlanOptions.Sources.ALL);
    Surroundings surroundings =
        new Surroundings(
            environment,
            Accounts.parse("", ""),
            new Owner(0, 0),
            Optional.empty(),
            new PythonPackages(
                Map.of("rapidocr", "/venv/rapidocr", "facexlib", "/venv/facexlib"),
                PythonPackages.NONE.absence()));
    List<Manifest> manifests =
        ManifestReader.read(List.of(Path.of("catalog:" + model)), new Catalog()).manifests();
    Target target = new Planner(options, surroundings).plan(manifests).files().get(0).target();
    assertEquals(path, ((Target.Resolved) target).path().toString());
  }
}

"""Airflow 3: a DAG that runs the image on Kubernetes; dags/huggingface_etl.py (not airflow.py). Needs apache-airflow-providers-cncf-kubernetes.

75 (later), 3 (a source failed) and the like are tried again; what a person must mend first is not.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from kubernetes.client import models as k8s

# A bug, wrong settings, a leaderboard that changed, a refused release, a token.
FOR_A_PERSON = {1, 2, 4, 5, 7}


class RunOperator(KubernetesPodOperator):
    """Fails without the tries that are left where only a person can help."""

    def cleanup(self, pod, remote_pod, *args, **kwargs):
        try:
            super().cleanup(pod, remote_pod, *args, **kwargs)
        except AirflowException as error:
            ended = [it.state.terminated for it in remote_pod.status.container_statuses or []]
            if FOR_A_PERSON & {it.exit_code for it in ended if it}:
                raise AirflowFailException(str(error)) from error
            raise


with DAG(
    dag_id="huggingface_etl",
    schedule="{{schedule}}",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
):
    RunOperator(
        task_id="run",
        name="huggingface-etl",
        image="{{image}}",
        arguments=["run", "--to", "{{to}}", "--log-format", "json"],
        env_from=[
            k8s.V1EnvFromSource(
                secret_ref=k8s.V1SecretEnvSource(name="huggingface-etl", optional=True)
            )
        ],
        # A skipped task: another run holds the storage.
        skip_on_exit_code=[8],
        retries=3,
        retry_delay=timedelta(minutes=15),
        execution_timeout=timedelta(hours=8),
        termination_grace_period=10,
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "1", "memory": "1Gi"}, limits={"memory": "3Gi"}
        ),
        security_context=k8s.V1PodSecurityContext(
            run_as_non_root=True,
            run_as_user=10001,
            run_as_group=10001,
            fs_group=10001,
            seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
        ),
        volumes=[
            k8s.V1Volume(
                name="storage",
                persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(
                    claim_name="{{volume}}"
                ),
            ),
            k8s.V1Volume(
                name="shm",
                empty_dir=k8s.V1EmptyDirVolumeSource(medium="Memory", size_limit="512Mi"),
            ),
        ],
        volume_mounts=[
            k8s.V1VolumeMount(name="storage", mount_path="/app/storage"),
            k8s.V1VolumeMount(name="shm", mount_path="/dev/shm"),
        ],
        on_finish_action="delete_pod",
    )
